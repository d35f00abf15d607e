import { describe, expect, it } from '@jest/globals';
import type { JsonObject, Release } from '@slipway/core';
import { type KubernetesObject, keyOf } from '@slipway/kubernetes';
import { trackOf, withTrack } from '@slipway/steps';
import { deployment } from '@slipway/testkit/objects';
import { compareManifests } from '../src/index.ts';
import { type TrackFacts, withTracks } from '../src/plan/with-tracks.ts';
import { reservedProblems } from '../src/refusals/boundaries.ts';

const strategy = { steps: [{ weight: 20 }] };
const [plain, changed] = [deployment('api'), deployment('api', { container: { image: 'api:2' } })];
const tracked = withTrack(plain, 'stable');
const released = (object: KubernetesObject) => ({ manifests: [object] }) as unknown as Release;

async function trackIn(
  object: KubernetesObject,
  found: Partial<TrackFacts> & { readonly live?: KubernetesObject } = {},
): Promise<string | undefined> {
  const { live, ...facts } = found;
  const [resolved] = await withTracks([{ object, source: object }], {
    client: { get: async () => live },
    request: { strategy },
    previous: undefined,
    members: new Map(),
    ...facts,
  });
  return resolved && trackOf(resolved.object);
}

describe('the label of stable', () => {
  it.each<[string, KubernetesObject, Parameters<typeof trackIn>[1], string | undefined]>([
    ['a new Deployment has it', plain, {}, 'stable'],
    ['a new Deployment without steps lacks it', plain, { request: {} }, undefined],
    ['a template that changes gets it', changed, { previous: released(plain) }, 'stable'],
    ['a template that stays lacks it', plain, { previous: released(plain) }, undefined],
    ['a template that has it keeps it', plain, { previous: released(tracked), request: {} }, 'stable'],
    ["someone else's Deployment lacks it", plain, { live: plain }, undefined],
    [
      'one whose record is lost keeps what it has',
      plain,
      { members: new Map([[keyOf(tracked), tracked]]) },
      'stable',
    ],
    ['one whose record is lost gets none', plain, { members: new Map([[keyOf(plain), plain]]) }, undefined],
    [
      'one that is recreated lacks it',
      deployment('api', { spec: { strategy: { type: 'Recreate' } } }),
      {},
      undefined,
    ],
    ['a restored object is as it was', changed, { request: { strategy, restores: 3 } }, undefined],
  ])('%s', async (_, object, found, track) => {
    expect(await trackIn(object, found)).toBe(track);
  });

  it('is not a change that anyone made', () => {
    expect(compareManifests([tracked], [plain])).toEqual([]);
    expect(compareManifests([plain], [withTrack(changed, 'stable')])).toMatchObject([
      { fields: [{ pointer: '/spec/template/spec/containers/0/image' }] },
    ]);
  });

  it.each<[string, JsonObject]>([
    ['its pods', tracked],
    ['a selector of pods', { ...plain, spec: { selector: { matchLabels: { 'slipway.dev/track': 'x' } } } }],
    [
      'the selector of a Service',
      { ...plain, apiVersion: 'v1', kind: 'Service', spec: { selector: { 'slipway.dev/track': 'next' } } },
    ],
  ])('is refused in a manifest, in %s', (_, object) => {
    expect(reservedProblems([{ object: object as KubernetesObject }])).toMatchObject([
      { code: 'object-reserved' },
    ]);
  });

  it('refuses no other manifest', () => {
    expect(reservedProblems([{ object: plain }])).toEqual([]);
  });
});
