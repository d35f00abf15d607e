import type { Program } from '../facts/program-facts.ts';

/** nginx without root, which listens on port 8080: https://github.com/nginx/docker-nginx-unprivileged */
const IMAGE = 'nginxinc/nginx-unprivileged:1.29-alpine';

/** How every image with that server runs. */
export const STATIC_SERVER: Pick<Program, 'user' | 'writes' | 'secrets' | 'memory'> = {
  user: 101,
  writes: ['/tmp'],
  secrets: [],
  memory: [32, 64],
};

/** The stage that serves what `copy` brings. */
export function siteStage(copy: readonly string[]): readonly string[] {
  return [`FROM ${IMAGE}`, ...copy];
}

/** Every address that is not a file gets the page itself, whose program knows the rest. */
export const SINGLE_PAGE: readonly string[] = [
  'COPY <<"END" /etc/nginx/conf.d/default.conf',
  'server {',
  '  listen 8080;',
  '  root /usr/share/nginx/html;',
  '  location / { try_files $uri $uri/ /index.html; }',
  '}',
  'END',
];
