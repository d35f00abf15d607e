/** What no image may have, in every context. */
const ALWAYS = [
  '.git',
  '.github',
  '.env',
  '.env.*',
  '**/.env',
  '**/.env.*',
  '**/.DS_Store',
  'Dockerfile',
  '.dockerignore',
  'slipway.yaml',
  'stencils',
  'formations',
];

/** The text of a .dockerignore: https://docs.docker.com/build/concepts/context/#dockerignore-files */
export function ignoreFile(patterns: readonly string[]): string {
  return `${[...new Set([...ALWAYS, ...patterns])].join('\n')}\n`;
}
