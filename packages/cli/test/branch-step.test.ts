import { describe, expect, it } from '@jest/globals';
import { parseRepository } from '../src/outside/github-repository.ts';
import { branchStep } from '../src/setup/branch-step.ts';
import { machineIn } from './support/machine.ts';
import { type Call, programs } from './support/programs.ts';

type Replies = Parameters<typeof programs>[0];

const PROTECTED: Replies = [
  [/environments\/staging$/, '{"deployment_branch_policy": {"protected_branches": true}}'],
  [/branches\?protected=true/, '[{"name": "main"}]'],
  [/branches\/main$/, '{"protected": true}'],
  [/branches\/main\/protection$/, '{}'],
];

async function admit(replies: Replies, branch = 'main') {
  const calls: Call[] = [];
  const machine = machineIn('/', { printed: [], complaints: [] });
  const repository = parseRepository('acme/hello', machine);
  const exec = programs([...replies, ...PROTECTED], calls);
  const step = branchStep({ environment: 'staging', repository, branch } as never, { ...machine, exec });
  const result = await step.carryOut?.().catch((error: Error) => error);
  return { result, written: calls.filter(({ args }) => args.includes('--method')) };
}

describe('an environment that admits protected branches', () => {
  it('stays as it is if the branch is one of them', async () => {
    const { result, written } = await admit([]);
    expect(result).toEqual({ state: 'unchanged', detail: 'it admits protected branches' });
    expect(written).toEqual([]);
  });

  it.each<[string, Replies, warning: string, branch: string]>([
    ['is not protected', [[/branches\/main$/, '{"protected": false}']], '"main" is not one', 'main'],
    [
      'cannot be looked at',
      [[/branches\/main$/, { exitCode: 1, stderr: 'gh: Not Found (HTTP 404)' }]],
      'whether "main" is one is not known: gh: Not Found (HTTP 404)',
      'main',
    ],
    ['is that of pull requests', [], 'no pull request', 'refs/pull/*/merge'],
  ])('stays as it is with a warning if the branch %s', async (_name, replies, warning, branch) => {
    const { result, written } = await admit(replies, branch);
    const text = `the environment staging admits protected branches, and ${warning}`;
    expect(result).toEqual({ state: 'unchanged', warning: expect.stringContaining(text) });
    expect(written).toEqual([]);
  });

  it('is refused where no branch is protected, since every branch could read its secrets', async () => {
    const { result } = await admit([[/branches\?protected=true/, '[]']]);
    expect(result).toMatchObject({ code: 'branches-unprotected' });
  });
});
