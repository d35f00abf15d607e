import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A checkout with an application of a built service, a second one, and a ready-made one. */
export interface Workspace {
  readonly path: string;
  write(file: string, text: string): void;
  /** Commits everything; gives the commit. */
  commit(): string;
}

export interface Images {
  readonly base: string;
  readonly redis: string;
}

export function createWorkspace(directory: string, registry: string, images: Images): Workspace {
  const path = mkdtempSync(join(directory, 'workspace-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', path, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      encoding: 'utf8',
    });
  const workspace: Workspace = {
    path,
    write(file, text) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    },
    commit() {
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', 'a change');
      return git('rev-parse', 'HEAD').trim();
    },
  };
  git('init', '-q');
  for (const [file, text] of Object.entries(filesOf(registry, images))) workspace.write(file, text);
  return workspace;
}

function filesOf(registry: string, { base, redis }: Images): Record<string, string> {
  const destinations = 'destinations: {main: {namespace: shop}, second: {namespace: other}}';
  return {
    'slipway.yaml': `apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec:
  registry: ${registry}
  services:
    api:
      build: {context: api, secrets: [token]}
    web:
      build: {context: web}
    cache:
      image: ${redis}
`,
    'api/Dockerfile': `FROM ${base}\nCOPY app.txt /\nRUN --mount=type=secret,id=token cat /run/secrets/token\n`,
    'api/app.txt': 'api\n',
    'web/Dockerfile': `FROM ${base}\nCOPY app.txt /\n`,
    'web/app.txt': 'web\n',
    'formations/staging.yaml': `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: staging}\nspec: {${destinations}}\n`,
    'stencils/api.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: api}\ndata: {image: "${image.api}"}\n',
  };
}
