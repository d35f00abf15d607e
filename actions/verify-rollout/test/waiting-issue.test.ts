import { describe, expect, it } from '@jest/globals';
import type { Release } from '@slipway/core';
import { stepsState } from '@slipway/testkit/releases';
import { waitingIssue } from '../src/steps/waiting-issue.ts';

const RUN = 'https://github.com/acme/shop/actions/runs/7/attempts/1';
const release = (changes: object = {}): Release =>
  ({
    ...{ application: 'shop', formation: 'production', destination: 'eu', namespace: 'shop', number: 42 },
    deploymentTag: 'v41',
    steps: stepsState({ settings: { notify: ['@ada', 'bob', '@acme/operators'] } }),
    ...changes,
  }) as unknown as Release;

describe('the issue about a release that waits', () => {
  const issue = waitingIssue(release(), 'step 2 passed, and it waits for commit', RUN);

  it('says where the release is, until when it waits, and how to decide', () => {
    expect(issue.title).toBe('shop/production at eu: release 42 waits for commit');
    expect(issue.body).toContain('step 2 of 2, at 50 %, waiting for commit until');
    for (const decision of ['continue commit', 'promote', 'reject'])
      expect(issue.body).toContain(`<code>${decision}</code>`);
    expect(issue.body).toContain('Step 2 passed');
    expect(issue.isNeeded).toBe(true);
  });

  it('mentions users and teams, and is assigned to users, as GitHub assigns no teams', () => {
    expect(issue.body).toMatch(/^For @ada, @bob, @acme\/operators\.\n/);
    expect(issue.assignees).toEqual(['ada', 'bob']);
  });

  it('mentions no one else, whatever a judgement quotes', () => {
    const { body } = waitingIssue(release(), 'check @mallory: see #12 <b>', RUN);
    expect(body).not.toMatch(/@mallory|#12|<b>/);
  });

  it('is one for each destination, for all of its releases', () => {
    expect(waitingIssue(release({ number: 43 }), '', RUN).key).toBe(issue.key);
    expect(waitingIssue(release({ destination: 'us' }), '', RUN).key).not.toBe(issue.key);
    expect(waitingIssue(release({ namespace: 'other' }), '', RUN).key).not.toBe(issue.key);
  });

  it('asks for no decision while it waits for time, and does not offer to continue what has to be put right', () => {
    const of = (awaited: string): string =>
      waitingIssue(release({ steps: stepsState({ 'waiting-for': awaited }) }), '', RUN).body;
    expect(of('time')).toContain('Nothing has to be decided');
    expect(of('time')).not.toContain('promote');
    expect(of('stable')).not.toContain('continue');
    expect(of('foreign-edit')).toContain('continue foreign-edit');
  });

  it('asks for no decision about an undo or a commit that is stopped', () => {
    for (const phase of ['undoing', 'committing'] as const) {
      const steps = stepsState({ phase, 'waiting-for': 'foreign-edit' });
      const { body } = waitingIssue(release({ steps }), '', RUN);
      expect(body).toContain('the next look carries it to its end');
      expect(body).not.toContain('continue');
    }
  });

  it('is not needed once the release is closed, and says as what', () => {
    const { phase: _, 'waiting-for': __, ...closed } = stepsState({ settings: { notify: ['@ada'] } });
    const ended = waitingIssue(
      release({ verdict: 'rolled-back', steps: closed }),
      'release 42 was undone',
      RUN,
    );
    expect(ended).toMatchObject({
      isNeeded: false,
      title: 'shop/production at eu: release 42 is closed as rolled-back',
    });
    expect(ended.body).toContain('release 42 was undone.');
  });

  it('has a title that GitHub takes, however long the names are', () => {
    const long = release({
      application: 'a'.repeat(120),
      formation: 'b'.repeat(120),
      destination: 'c'.repeat(60),
    });
    expect(waitingIssue(long, '', RUN).title.length).toBeLessThanOrEqual(256);
  });
});
