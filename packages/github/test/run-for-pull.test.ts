import { describe, expect, it } from '@jest/globals';
import { isForFork, isForPullRequest, type RunContext } from '../src/index.ts';
import { fakeRunner } from '../src/testing.ts';

function contextOf(eventName: string, event: RunContext['event']): RunContext {
  return fakeRunner({ context: { eventName, event, repository: 'acme/shop' } }).context;
}

const pull = (repository: string | undefined) => ({
  pull_request: { head: { repo: repository === undefined ? null : { full_name: repository } } },
});
const after = (event: string, repository?: string) => ({
  workflow_run: {
    event,
    ...(repository === undefined ? {} : { head_repository: { full_name: repository } }),
  },
});

describe('a run', () => {
  it.each<[string, string, RunContext['event'], boolean, boolean]>([
    ['for a pull request of the repository', 'pull_request', pull('Acme/Shop'), true, false],
    ['for one of a fork', 'pull_request', pull('mallory/shop'), true, true],
    ['for one of a fork that was deleted', 'pull_request_review', pull(undefined), true, true],
    [
      'for one of a fork, with the rights of the base',
      'pull_request_target',
      pull('mallory/shop'),
      true,
      true,
    ],
    ['for one whose event says nothing', 'pull_request', {}, true, true],
    ['after one for a pull request', 'workflow_run', after('pull_request', 'acme/shop'), true, false],
    ['after one for a fork', 'workflow_run', after('pull_request', 'mallory/shop'), true, true],
    [
      'after one for a fork, with the rights of the base',
      'workflow_run',
      after('pull_request_target', 'm/s'),
      true,
      true,
    ],
    ['after one whose repository is not there any more', 'workflow_run', after('pull_request'), true, true],
    ['after one for a push', 'workflow_run', after('push', 'acme/shop'), false, false],
    ['for a push', 'push', {}, false, false],
    ['of a merge queue', 'merge_group', { merge_group: {} }, false, false],
  ])('%s is told from others', (_title, eventName, event, forPull, forFork) => {
    const context = contextOf(eventName, event);
    expect([isForPullRequest(context), isForFork(context)]).toEqual([forPull, forFork]);
  });
});
