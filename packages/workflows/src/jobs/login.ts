import type { WorkflowSettings } from '../application/settings.ts';
import { expression, flowMap } from '../text/yaml.ts';

/** What a job logs in to a registry with, until a team writes something else. */
export type FirstLogin = keyof typeof LOGINS;

export const END_MARK = '# slipway:login end';

export function beginMark(job: string): string {
  return `# slipway:login begin ${job}`;
}

/** A job's logins between marks: what a team writes there stays when the file is written again. */
export function loginSteps(job: string, steps: readonly string[]): string[] {
  return [beginMark(job), ...steps, END_MARK];
}

/** GitHub's own registries take the job's token; for others a secret and a variable of the repository are needed. */
export function registryLogin(registry: string, target: WorkflowSettings['target']): readonly string[] {
  return LOGINS[takesJobToken(registry, target) ? 'token' : 'password'];
}

/** Outside of Enterprise Server, `containers.` is the beginning of anyone's host, and only GitHub may get the token. */
export function takesJobToken(registry: string, target: WorkflowSettings['target']): boolean {
  return OWN_REGISTRY[target].test(registry);
}

const OWN_REGISTRY = {
  github: /^(?:ghcr\.io|containers\.[a-z0-9-]+\.ghe\.com)\//,
  ghes: /^(?:ghcr\.io|containers\.[^/]+)\//,
} as const;

const LOGINS = {
  token: login('GITHUB_ACTOR', [['TOKEN', expression('github.token')]]),
  password: login('REGISTRY_USER', [
    ['TOKEN', expression('secrets.REGISTRY_TOKEN')],
    ['REGISTRY_USER', expression('vars.REGISTRY_USER')],
  ]),
} as const;

function login(user: string, env: readonly (readonly [name: string, value: string])[]): readonly string[] {
  return [
    `- run: printenv TOKEN | docker login "$REGISTRY" --username "$${user}" --password-stdin`,
    `  env: ${flowMap(env)}`,
  ];
}

/**
 * Whether no one has written anything between the marks: nothing is there, or what was written there at first.
 * @param first absent where no job of the file logs in
 */
export function isUntouched(content: string, first: FirstLogin | undefined): boolean {
  const bare = (lines: readonly string[]): string =>
    lines
      .map(line => line.trim())
      .join('\n')
      .trim();
  const written = bare(content.split('\n'));
  return written === '' || (first !== undefined && written === bare(LOGINS[first]));
}
