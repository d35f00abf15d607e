import { describe, expect, it } from '@jest/globals';
import { changesBeyond } from '../src/beyond.ts';
import type { ReviewedChange } from '../src/index.ts';

const deployment = (
  fields: ReviewedChange['fields'],
  others: Partial<ReviewedChange> = {},
): ReviewedChange => ({
  object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
  ...{ action: 'change', restarts: false, fields },
  ...others,
});
const replicas = (before: unknown, after: unknown) => ({ path: 'spec.replicas', before, after });
const image = { path: 'spec.template.spec.containers[web].image', before: 'a', after: 'b' };

describe('what changes beside a pull request', () => {
  it('is what changed before, without the fields that it changes itself', () => {
    const since = [deployment([replicas(1, 3), image], { restarts: true })];
    expect(changesBeyond(since, [deployment([image], { restarts: true })])).toEqual([
      deployment([replicas(1, 3)]),
    ]);
  });

  it('leaves nothing over if the pull request makes all of it', () => {
    const own = [deployment([image], { restarts: true, note: 'ConfigMap settings changed' })];
    expect(changesBeyond(own, own)).toEqual([]);
    const removal = [deployment([], { action: 'prune' })];
    expect(changesBeyond(removal, removal)).toEqual([]);
  });

  it('includes a field that changed before and changes again, as its value there is another one', () => {
    expect(changesBeyond([deployment([replicas(1, 3)])], [deployment([replicas(2, 3)])])).toEqual([
      deployment([replicas(1, 3)]),
    ]);
  });

  it('leaves nothing over where the pull request takes back what has not been released', () => {
    expect(changesBeyond([], [deployment([replicas(2, 1)])])).toEqual([]);
  });

  it('includes an object that is new there and is only changed by the pull request', () => {
    const since = [deployment([], { action: 'create' })];
    expect(changesBeyond(since, [deployment([replicas(1, 2)])])).toEqual(since);
  });

  it('tells that pods restart because of something else that changed', () => {
    const note = 'ConfigMap settings changed';
    const since = [deployment([replicas(1, 2)], { restarts: true, note })];
    expect(changesBeyond(since, [deployment([replicas(1, 2)])])).toEqual([
      deployment([], { restarts: true, note }),
    ]);
  });
});
