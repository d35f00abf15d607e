import { describe, expect, it } from '@jest/globals';
import { refuseSpawnForStrangers, spawnFor } from '@slipway/action-kit';
import type { RunContext } from '@slipway/github';
import { fakeRunner } from '@slipway/github/testing';

const run = (context: Partial<RunContext>) => fakeRunner({ context }).context;
const pull = run({
  ...{ eventName: 'pull_request', ref: 'refs/pull/1234/merge', repository: 'acme/shop' },
  event: { pull_request: { number: 1234, head: { repo: { full_name: 'acme/shop' } } } },
});
const push = run({ eventName: 'push', ref: 'refs/heads/1234', event: {} });
const tag = run({ eventName: 'push', ref: 'refs/tags/v1', event: {} });

describe('the input "spawn"', () => {
  it.each<[string, string, RunContext, unknown]>([
    ['that is empty is for nothing', '', pull, undefined],
    ['"event" is for the pull request of the run', 'event', pull, { text: '1234' }],
    ['"event" is for the branch of a run without one', 'event', push, { branch: '1234' }],
    ['may be the number of the pull request', '1234', pull, { text: '1234' }],
    ['may be a branch on a push', 'feature/A', push, { text: 'feature/A' }],
    ['may be any number by hand', '77', push, { text: '77' }],
  ])('%s', (_title, text, context, what) => {
    expect(spawnFor(text, context)).toEqual(what);
  });

  it.each<[string, string, RunContext, RegExp]>([
    [
      'another pull request than that of the run',
      '77',
      pull,
      /input "spawn" is "77", and the run is for pull request 1234/,
    ],
    ...['feature/A', '01234', '1234 ', '+1234', '1.234e3', 'EVENT', 'preview'].map(
      (text): [string, string, RunContext, RegExp] => [
        `"${text}" on a run for a pull request`,
        text,
        pull,
        /input "spawn" is ".*", and the run is for pull request 1234/,
      ],
    ),
    ['the event of a tag', 'event', tag, /input "spawn" is "event", and the event "push" is of neither/],
  ])('is refused for %s', (_title, text, context, sentence) => {
    expect(() => spawnFor(text, context)).toThrow(sentence);
  });
});

describe('an instance for the code of strangers', () => {
  const of = (eventName: string, head: string, event: object = {}) =>
    run({
      eventName,
      repository: 'acme/shop',
      event: { pull_request: { number: 1, head: { repo: { full_name: head } } }, ...event },
    });
  const dispatched = run({ eventName: 'workflow_dispatch', repository: 'acme/shop', event: {} });
  const afterPull = run({
    eventName: 'workflow_run',
    repository: 'acme/shop',
    event: { workflow_run: { event: 'pull_request', head_repository: { full_name: 'acme/shop' } } },
  });

  it.each([
    ['a pull request of this repository', of('pull_request', 'acme/shop')],
    ['a push', push],
    ['a run by hand', dispatched],
  ])('is not what %s asks for', (_title, context) => {
    expect(() => refuseSpawnForStrangers(context)).not.toThrow();
  });

  it.each([
    ['a fork', of('pull_request', 'stranger/shop'), 'spawn-fork'],
    ['a fork that was deleted', of('pull_request', ''), 'spawn-fork'],
    ['a fork on pull_request_target', of('pull_request_target', 'stranger/shop'), 'spawn-fork'],
    ['pull_request_target', of('pull_request_target', 'acme/shop'), 'spawn-event'],
    ['the workflow that runs after one', afterPull, 'spawn-event'],
    ['a comment', run({ eventName: 'issue_comment', event: {} }), 'spawn-event'],
    ['a comment on a fork', of('issue_comment', 'stranger/shop'), 'spawn-fork'],
    ['a fork with a name that begins like ours', of('pull_request', 'acme/shop2'), 'spawn-fork'],
    ['a fork of the same name', of('pull_request', 'mallory/shop'), 'spawn-fork'],
    ['a review of a fork', of('pull_request_review', 'stranger/shop'), 'spawn-fork'],
    ['a review', of('pull_request_review', 'acme/shop'), 'spawn-event'],
    ['a comment of a review', of('pull_request_review_comment', 'acme/shop'), 'spawn-event'],
    ['a push that says it is of a fork', of('push', 'stranger/shop'), 'spawn-fork'],
    ['a run by hand that says it is of a fork', of('workflow_dispatch', 'stranger/shop'), 'spawn-fork'],
    [
      'a pull request whose event has no branch',
      run({ eventName: 'pull_request', repository: 'acme/shop', event: { pull_request: { number: 1 } } }),
      'spawn-fork',
    ],
    [
      'a pull request whose event is empty',
      run({ eventName: 'pull_request', repository: 'acme/shop', event: {} }),
      'spawn-fork',
    ],
    ['a merge queue', run({ eventName: 'merge_group', event: {} }), 'spawn-event'],
    ['a schedule', run({ eventName: 'schedule', event: {} }), 'spawn-event'],
    ['a release', run({ eventName: 'release', event: {} }), 'spawn-event'],
    ['another program', run({ eventName: 'repository_dispatch', event: {} }), 'spawn-event'],
    ['an event in capitals', of('Pull_Request', 'acme/shop'), 'spawn-event'],
    ['no event', run({ eventName: '', event: {} }), 'spawn-event'],
  ])('is refused for %s', (_title, context, code) => {
    expect(() => refuseSpawnForStrangers(context)).toThrow(expect.objectContaining({ code }));
  });
});
