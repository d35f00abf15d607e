import { expression, flowMap } from '../text/yaml.ts';

export const END_MARK = '# slipway:login end';

export function beginMark(job: string): string {
  return `# slipway:login begin ${job}`;
}

/** A job's logins between marks: what a team writes there stays when the file is written again. */
export function loginSteps(job: string, steps: readonly string[]): string[] {
  return [beginMark(job), ...steps, END_MARK];
}

/** GitHub's own registries take the job's token; for others a secret and a variable of the repository are needed. */
export function registryLogin(registry: string): readonly string[] {
  return takesJobToken(registry) ? TOKEN_LOGIN : PASSWORD_LOGIN;
}

export function takesJobToken(registry: string): boolean {
  return /^(?:ghcr\.io|containers\.[^/]+)\//.test(registry);
}

const TOKEN_LOGIN = login('GITHUB_ACTOR', [['TOKEN', expression('github.token')]]);
const PASSWORD_LOGIN = login('REGISTRY_USER', [
  ['TOKEN', expression('secrets.REGISTRY_TOKEN')],
  ['REGISTRY_USER', expression('vars.REGISTRY_USER')],
]);

function login(user: string, env: readonly (readonly [name: string, value: string])[]): readonly string[] {
  return [
    `- run: printenv TOKEN | docker login "$REGISTRY" --username "$${user}" --password-stdin`,
    `  env: ${flowMap(env)}`,
  ];
}

/**
 * Whether no one has written anything between the marks: nothing is there, or what was written there at first.
 * @param first the host of the registry that the file logs in to at first; absent where no job does
 */
export function isUntouched(content: string, first: string | undefined): boolean {
  const bare = (lines: readonly string[]): string =>
    lines
      .map(line => line.trim())
      .join('\n')
      .trim();
  const written = bare(content.split('\n'));
  return written === '' || (first !== undefined && written === bare(registryLogin(`${first}/`)));
}
