import { describe, expect, it } from '@jest/globals';
import { GIVEN_NAME } from '@slipway/kubernetes';
import { prepareJob } from '../src/checks/prepare-job.ts';
import type { CheckSurroundings } from '../src/checks/surroundings.ts';

const given = `migrate-${'a'.repeat(50)}`;
const job = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name: `${given.slice(0, 52)}-1f2e3d4c5b`,
    namespace: 'shop',
    annotations: { [GIVEN_NAME]: given },
  },
  spec: { suspend: true },
};
const surroundings = { manifests: [job], namespace: 'shop' } as unknown as CheckSurroundings;

describe('the Job of a check', () => {
  const refusals: string[] = [];
  const refuse = (problem: string, remedy: string): undefined => void refusals.push(`${problem}; ${remedy}`);

  it('is found by its whole name in the manifest, of which the release keeps the start', () => {
    expect(prepareJob('smoke', { name: given }, surroundings, refuse)).toMatchObject({ name: 'smoke' });
    expect(refusals).toEqual([]);
  });

  it('is suggested by its name in the manifest', () => {
    expect(prepareJob('smoke', { name: given.slice(0, 56) }, surroundings, refuse)).toBeUndefined();
    expect(refusals).toEqual([expect.stringContaining(`"${given}"`)]);
  });
});
