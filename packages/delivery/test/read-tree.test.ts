import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '@slipway/core';
import { readRepository, renderAll, selectTargets, spawn, writeRenderedTree } from '@slipway/render';
import { scratch } from '@slipway/testkit/git';
import { type Changes, replacing, shopWith, withPreview, withStrategy } from '@slipway/testkit/shop';
import { readTree } from '../src/desired/read-tree.ts';
import type { ManifestsChoice } from '../src/request.ts';

const CHOICE = {
  ...{
    application: '',
    formation: 'staging',
    destinations: ['main'],
    namespace: '',
    context: '',
    digest: '',
  },
  ...{ configRevision: '', allow: {} },
} as unknown as ManifestsChoice;

const RUN = { repository: 'acme/shop', actor: '', url: '' };

async function readShop(changes: Changes, choice: ManifestsChoice = CHOICE): ReturnType<typeof readTree> {
  const workspace = shopWith(changes);
  const repository = await readRepository({ workspace, application: 'slipway.yaml' });
  const all = await renderAll(repository, { targets: selectTargets(repository, [], []), set: {} });
  const path = join(scratch(), 'rendered');
  await writeRenderedTree(path, all.destinations);
  return await readTree(path, choice, { workspace, run: RUN });
}

it('a tree is not deployed by rules in which a formation is promoted from one that does not exist', async () => {
  expect((await readShop({})).identity).toMatchObject({ formation: 'staging', destination: 'main' });
  const misspelt = {
    'formations/production.yaml': replacing('promoted-from: staging', 'promoted-from: stagin'),
  };
  await expect(readShop(misspelt)).rejects.toMatchObject({
    code: 'promoted-from-unknown',
    problems: [expect.objectContaining({ remedy: 'did you mean "staging"?' })],
  });
});

it('an instance is deployed for the key that is given, and not without one', async () => {
  const workspace = shopWith(withPreview);
  const declared = await readRepository({ workspace, application: 'slipway.yaml' });
  const repository = spawn(declared, { text: '1234' }, []);
  const path = join(scratch(), 'rendered');
  const targets = selectTargets(repository, ['preview-1234'], []);
  await writeRenderedTree(path, (await renderAll(repository, { targets })).destinations);
  const choice = { ...CHOICE, formation: 'preview-1234', destinations: ['dev'] };
  await expect(readTree(path, choice, { workspace, run: RUN })).rejects.toMatchObject({
    code: 'spawn-key-missing',
  });
  const spawned = { ...CHOICE, formation: 'preview', destinations: ['dev'] };
  const { identity, checkout } = await readTree(
    path,
    { ...spawned, spawn: { what: { text: '1234' } } },
    { workspace, run: RUN },
  );
  expect([identity.formation, checkout?.repository.spawned?.get('preview-1234')?.from]).toEqual([
    'preview-1234',
    'preview',
  ]);
  await expect(
    readTree(path, { ...spawned, spawn: { what: { text: '12' } } }, { workspace, run: RUN }),
  ).rejects.toMatchObject({ code: 'destination-unclear' });
});

describe('images', () => {
  const snapshot = (registry: string, spawn?: string): Snapshot => ({
    ...{ apiVersion: 'slipway.dev/v1', kind: 'Snapshot', application: 'shop', registry },
    ...{ deploymentTag: 'v42', created: '2026-11-20T10:00:00Z' },
    images: Object.fromEntries(
      ['api', 'web', 'cache'].map(name => [
        name,
        { name: `${registry}/${name}`, digest: `sha256:${'a'.repeat(64)}`, origin: 'built' as const },
      ]),
    ),
    ...(spawn === undefined ? {} : { spawn }),
  });
  const OF_INSTANCES = 'registry.example/shop-preview';

  /** Reads the tree of staging, or of the instance with a key, which someone rendered with a snapshot. */
  async function readWith(key: string | undefined, images: (released: string) => Snapshot) {
    const workspace = shopWith(withPreview);
    const declared = await readRepository({ workspace, application: 'slipway.yaml' });
    const repository = key === undefined ? declared : spawn(declared, { text: key }, []);
    const name = key === undefined ? 'staging' : `preview-${key}`;
    const path = join(scratch(), 'rendered');
    const { destinations } = await renderAll(repository, {
      targets: selectTargets(repository, [name], []),
      snapshot: images(declared.application.spec.registry),
    });
    await writeRenderedTree(path, destinations);
    const choice =
      key === undefined
        ? CHOICE
        : { ...CHOICE, formation: 'preview', destinations: ['dev'], spawn: { what: { text: key } } };
    return await readTree(path, { ...choice, registry: '' }, { workspace, run: RUN });
  }

  it.each([
    [
      'of another instance are not those of this one',
      '12',
      () => snapshot(OF_INSTANCES, '1'),
      'snapshot-of-instance',
    ],
    ['of no instance are not those of one', '1', () => snapshot(OF_INSTANCES), 'snapshot-not-spawned'],
    ['of a release are not those of an instance', '1', snapshot, 'snapshot-not-spawned'],
    [
      'of an instance are not released',
      undefined,
      (registry: string) => snapshot(registry, '1'),
      'snapshot-of-instance',
    ],
    [
      'of an instance are in its registry',
      '1',
      (registry: string) => snapshot(registry, '1'),
      'registry-differs',
    ],
  ])('%s', async (_title, key, images, code) => {
    await expect(readWith(key, images)).rejects.toMatchObject({ code });
  });

  it('that were built for the instance, and those of a release, are taken', async () => {
    expect((await readWith('1', () => snapshot(OF_INSTANCES, '1'))).snapshot?.spawn).toBe('1');
    expect((await readWith(undefined, snapshot)).snapshot?.deploymentTag).toBe('v42');
  });
});

it('a tree has the steps of its formation, unless it is said that all users get it at once', async () => {
  const steps = {
    'formations/staging.yaml': withStrategy('  strategy: { steps: [{ weight: 5, bake: 1m }] }\n'),
  };
  const inSteps = await readShop(steps);
  expect(inSteps.strategy).toEqual({ steps: [{ weight: 5, bake: '1m' }] });
  expect(inSteps.strategyAt?.('/steps/0/weight')).toMatchObject({
    path: 'formations/staging.yaml',
    line: expect.any(Number),
    column: 33,
  });
  expect((await readShop(steps, { ...CHOICE, strategy: 'none' })).strategy).toBeUndefined();
  expect((await readShop({ 'formations/staging.yaml': withStrategy('') })).strategy).toBeUndefined();
  await expect(readShop(steps, { ...CHOICE, strategy: { steps: [{ weight: 50 }] } })).rejects.toMatchObject({
    code: 'tree-foreign',
  });
});
