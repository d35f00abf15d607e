import { describe, expect, it } from '@jest/globals';
import { type Release, SlipwayError } from '@slipway/core';
import { job, workload } from '@slipway/testkit/objects';
import { jobByContent } from '../src/objects/jobs.ts';
import { assertMade, assertOwnImages, assertWhole } from '../src/records/contradictions.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const IMAGE = `registry.example/shop/main@${DIGEST}`;
const web = { ...workload('web', undefined, IMAGE), metadata: { name: 'web', namespace: 'shop' } };
const migration = jobByContent({ ...job('migrate'), metadata: { name: 'migrate', namespace: 'shop' } });
const listed = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', written: true };

const release = (changes: Partial<Release>): Release => ({
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Release', number: 7, application: 'shop', formation: 'staging' },
  ...{ namespace: 'shop', created: '2026-01-01T00:00:00Z', applied: '2026-01-01T00:00:10Z', reason: '' },
  ...{ seals: [], prune: 'after-success' as const, deploymentTag: 'v7' },
  manifests: [web as never],
  objects: [listed],
  ...changes,
});

const snapshot = (
  changes: Partial<NonNullable<Release['snapshot']>> = {},
): NonNullable<Release['snapshot']> => ({
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Snapshot', application: 'shop', deploymentTag: 'v7' },
  ...{ created: '2026-01-01T00:00:00Z', registry: 'registry.example/shop' },
  images: { main: { name: 'registry.example/shop/main', digest: DIGEST, origin: 'built' } },
  ...changes,
});

function refusalOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SlipwayError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'taken';
}

const withJob = { manifests: [web as never, migration as never] };
const ran = {
  jobs: { [String(migration.metadata['annotations']?.['slipway.dev/content' as never])]: 'migrate' },
};

describe('a record', () => {
  it.each<[string, Partial<Release>]>([
    ['of its manifests', {}],
    ['of its snapshot', { snapshot: snapshot() }],
    ['of a snapshot without a tag of its own', { snapshot: snapshot(), deploymentTag: undefined as never }],
    ['of a Job that had run', { ...withJob, ...ran }],
    ['of a Job that its rollback left as it was', { ...withJob, restores: 3 }],
    [
      'that stopped before all was written',
      { applied: undefined as never, objects: [{ ...listed, toWrite: true }] },
    ],
  ])('%s is taken', (_what, changes) => {
    expect(refusalOf(() => assertWhole(release(changes)))).toBe('taken');
  });

  it.each<[string, Partial<Release>, RegExp]>([
    ['that does not list an object', { objects: [] }, /does not list Deployment shop\/web/],
    ['that does not list a Job', withJob, /does not list Job shop\/migrate-/],
    [
      'that lists another object',
      { objects: [listed, { ...listed, name: 'more' }] },
      /lists Deployment shop\/more/,
    ],
    [
      'that was written and was not',
      { objects: [{ ...listed, toWrite: true }] },
      /Deployment shop\/web is yet to be/,
    ],
    [
      'with the snapshot of another tag',
      { snapshot: snapshot({ deploymentTag: 'v6' }) },
      /its snapshot of "shop v6"/,
    ],
    [
      'with the snapshot of another application',
      { snapshot: snapshot({ application: 'till' }) },
      /"till v7"/,
    ],
  ])('%s is refused', (_what, changes, sentence) => {
    const refusal = refusalOf(() => assertWhole(release(changes)));
    expect(refusal).toMatch(
      /^record-inconsistent: the release record in the Secret "slipway.shop.staging.7" in namespace "shop" contradicts itself: it /,
    );
    expect(refusal).toMatch(sentence);
  });

  it('with a snapshot that lacks an image is refused where it is verified or restored, and may be followed', () => {
    const lacking = release({ snapshot: snapshot({ images: {} }) });
    expect(refusalOf(() => assertOwnImages(lacking))).toMatch(
      /^record-inconsistent: .*has the image "registry.example/,
    );
    expect(refusalOf(() => assertWhole(lacking))).toBe('taken');
  });

  it('may be of a clock that is half an hour ahead, and not of next year', () => {
    const made = (now: string): string => refusalOf(() => assertMade(release({}), new Date(now)));
    expect(made('2025-12-31T23:30:00Z')).toBe('taken');
    expect(made('2025-01-01T00:00:00Z')).toMatch(
      /^record-inconsistent: .* made at 2026-01-01T00:00:00Z, which is yet/,
    );
  });
});
