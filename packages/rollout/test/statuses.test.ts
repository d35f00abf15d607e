import { describe, expect, it } from '@jest/globals';
import { kindKey } from '@slipway/kubernetes';
import { assess } from '../src/status/assess.ts';
import { type Collected, readCollected, saidBy } from './statuses/collected.ts';
import { emptyCluster } from './support/objects.ts';

const collected = (['statuses', 'later', 'reviewed'] as const).flatMap(name => readCollected(name));

/** Read too late: only a sentence, or what `NotAvailable` means just there, tells that this is for good. The release fails at its timeout. */
const HELD_BACK = ['a Bucket whose reference failed', 'a VSphereClusterIdentity without its secret'];

describe('the collected statuses', () => {
  it('are of at least 60 kinds, each with its file at a commit', () => {
    expect(new Set(collected.map(({ object }) => kindKey(object))).size).toBeGreaterThanOrEqual(60);
    const unsourced = collected.filter(
      ({ source }) => !/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/blob\/[0-9a-f]{40}\/\S+$/.test(source),
    );
    expect(unsourced).toEqual([]);
  });

  it("do not come from Argo CD's rules", () => {
    expect(collected.filter(({ source }) => /argo-?cd/i.test(source))).toEqual([]);
  });
});

describe('what a status says', () => {
  const read = collected.filter(({ name }) => !HELD_BACK.includes(name));

  it.each(read.map(one => [one.name, one] as const))(
    'is read, and the field named: %s',
    (_, one: Collected) => {
      const status = assess(one.object, emptyCluster);
      expect([saidBy(status), status.message]).toEqual([one.expect, expect.stringContaining(fieldOf(one))]);
    },
  );

  it.each(HELD_BACK)('is never a success, even where it is read too late: %s', name => {
    const one = collected.find(candidate => candidate.name === name) as Collected;
    expect(assess(one.object, emptyCluster).state).toBe('in-progress');
  });
});

/** The generation that is waited for is named by its number. */
function fieldOf({ field = '' }: Collected): string {
  return field === 'status.observedGeneration' ? 'to observe generation' : field;
}
