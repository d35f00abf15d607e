import { describe, expect, it } from '@jest/globals';
import type { RunContext } from '../src/index.ts';
import { baseCommitOf } from '../src/index.ts';
import { fakeRunner } from '../src/testing.ts';

const [sha, base, head] = ['1', '2', '3'].map(digit => digit.repeat(40)) as [string, string, string];
const pull = { number: 7, base: { sha: base }, head: { sha: head }, user: { login: 'mallory' } };

function contextOf(eventName: string, event: RunContext['event'] = {}): RunContext {
  return fakeRunner({ context: { eventName, event, sha } }).context;
}

describe('the base', () => {
  it.each(['pull_request', 'pull_request_review', 'pull_request_review_comment'])(
    'of %s is the first parent of what GitHub merged, or what the event says',
    eventName => {
      expect(baseCommitOf(contextOf(eventName, { pull_request: pull }))).toEqual({
        kind: 'first-parent',
        merge: sha,
        otherwise: base,
      });
    },
  );

  it('of a merge group is what the group is based on', () => {
    const event = { merge_group: { base_sha: base, head_sha: sha } };
    expect(baseCommitOf(contextOf('merge_group', event))).toEqual({ kind: 'commit', commit: base });
  });

  it('of pull_request_target is the commit of the run, whatever the event says', () => {
    expect(baseCommitOf(contextOf('pull_request_target', { pull_request: pull }))).toEqual({
      kind: 'commit',
      commit: sha,
    });
  });

  it('of workflow_run after a pull request is the commit of the run, whatever was checked out', () => {
    const event = { workflow_run: { event: 'pull_request', head_sha: head } };
    expect(baseCommitOf(contextOf('workflow_run', event))).toEqual({ kind: 'commit', commit: sha });
    expect(baseCommitOf(contextOf('workflow_run', { workflow_run: { event: 'push' } }))).toBeUndefined();
  });

  it.each(['push', 'workflow_dispatch', 'schedule', 'release', 'workflow_run', ''])(
    'is missing for %s',
    eventName => {
      expect(baseCommitOf(contextOf(eventName, { pull_request: pull }))).toBeUndefined();
    },
  );

  it('of an event that lacks it is an empty commit, which cannot be read', () => {
    expect(baseCommitOf(contextOf('merge_group'))).toEqual({ kind: 'commit', commit: '' });
  });
});
