import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a step finds in its environment on a push, without its inputs, where its process itself is measured.
 * @param runner folder of the runner's files, which begin empty
 */
export function stepEnvironment(workspace: string, runner: string): NodeJS.ProcessEnv {
  mkdirSync(runner, { recursive: true });
  for (const file of ['output', 'summary', 'state']) writeFileSync(join(runner, file), '');
  return {
    PATH: process.env['PATH'],
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: join(runner, 'output'),
    GITHUB_STEP_SUMMARY: join(runner, 'summary'),
    GITHUB_STATE: join(runner, 'state'),
    RUNNER_TEMP: runner,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_SHA: '0'.repeat(40),
  };
}
