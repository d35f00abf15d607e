import { afterEach, expect } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import type { RunContext } from '@slipway/github';
import { type FakeRunner, fakeRunner, inputsOf } from '@slipway/github/testing';
import { type GitHubDouble, type GitHubDoubleOptions, startGitHub } from '@slipway/testbed/github';
import { exec, scratch } from '@slipway/testkit/git';
import * as deploying from '../../actions/deploy/src/index.ts';
import * as verifying from '../../actions/verify-rollout/src/index.ts';
import type { Prepared } from './instances.ts';

export interface Ran extends FakeRunner {
  /** The codes of what went wrong. */
  readonly codes: readonly string[];
  readonly messages: readonly string[];
  readonly remedies: readonly string[];
}

export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly context?: Partial<RunContext>;
}

const PASSWORDS = { STAGING_PASSWORD: 'st@ging', PREVIEW_PASSWORD: 'pr3view' };

/** GitHub for a test, and steps that ask it. */
export function useSteps(): {
  github(options: Partial<GitHubDoubleOptions>): Promise<GitHubDouble>;
  step(
    action: 'deploy' | 'verify',
    one: Pick<Prepared, 'workspace'>,
    github: GitHubDouble | undefined,
    options: StepOptions,
  ): Promise<Ran>;
} {
  const doubles: GitHubDouble[] = [];
  afterEach(async () => {
    const stopped = doubles.splice(0);
    await Promise.all(stopped.map(double => double.stop()));
    expect(stopped.flatMap(({ problems }) => problems)).toEqual([]);
  });
  return {
    async github(options) {
      const token = { login: 'github-actions[bot]', comments: 'write', deployments: 'write' } as const;
      const double = await startGitHub({ directory: '/', tokens: new Map([['ghs_1', token]]), ...options });
      doubles.push(double);
      return double;
    },
    async step(action, { workspace }, github, { inputs = {}, context = {} }) {
      const runner = fakeRunner({
        workspace,
        temporaryDirectory: scratch(),
        environment: { ...PASSWORDS, PATH: process.env['PATH'] ?? '' },
        exec,
        context: {
          ...{
            repository: 'acme/shop',
            actor: 'ada',
            eventName: 'workflow_dispatch',
            ref: 'refs/heads/main',
          },
          ...{ apiUrl: github?.apiUrl ?? 'http://127.0.0.1:9', event: {} },
          ...context,
        },
      });
      const problems = await problemsOf(async () => {
        const given = { token: github === undefined ? '' : 'ghs_1', ...inputs };
        if (action === 'deploy')
          await deploying.run(inputsOf(deploying.readInputs, given, runner.environment), runner);
        else await verifying.run(inputsOf(verifying.readInputs, given, runner.environment), runner);
      });
      return {
        ...runner,
        summary: runner.summary,
        codes: problems.map(({ code }) => code),
        messages: problems.map(({ message }) => message),
        remedies: problems.map(({ remedy }) => remedy ?? ''),
      };
    },
  };
}

async function problemsOf(work: () => Promise<void>) {
  try {
    await work();
    return [];
  } catch (error) {
    if (error instanceof SlipwayError) return error.problems;
    throw error;
  }
}
