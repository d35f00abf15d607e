import type { Environment } from './runner.ts';

const HOME = 'slipway-dev/slipway';
const GITHUB = 'https://github.com';

/**
 * The entry of an error code in docs/errors.md, in the repository and at the ref that the running action comes from, so that a fork or
 * an older version shows its own text. For an action of the workflow's own repository (`uses: ./…`) GitHub names neither, and the link leads to the newest text.
 *
 * @param code the code, which is the anchor of its entry
 * @returns an https:// URL that is safe in Markdown
 */
export function errorLink(code: string, environment: Environment): string {
  const repository = environment['GITHUB_ACTION_REPOSITORY'] ?? '';
  const ref = environment['GITHUB_ACTION_REF'] ?? '';
  const known = /^[\w.-]+\/[\w.-]+$/.test(repository) && ref !== '';
  const path = known ? `${repository}/blob/${encodeRef(ref)}` : `${HOME}/blob/main`;
  return `${known ? serverOf(repository, environment) : GITHUB}/${path}/docs/errors.md#${code}`;
}

/**
 * GitHub Enterprise Server runs actions of github.com too (GitHub Connect) and does not say so. Our own repository is taken to be the
 * one on github.com, which everyone can read; a repository with another name is on the server that runs the workflow.
 */
function serverOf(repository: string, environment: Environment): string {
  const server = environment['GITHUB_SERVER_URL'] ?? '';
  return repository.toLowerCase() === HOME || !/^https:\/\/[\w.:-]+$/.test(server) ? GITHUB : server;
}

/** Encodes parentheses too, since they would end a link in Markdown. */
function encodeRef(ref: string): string {
  const encode = (part: string): string =>
    encodeURIComponent(part).replace(/[()]/g, sign => (sign === '(' ? '%28' : '%29'));
  return ref.split('/').map(encode).join('/');
}
