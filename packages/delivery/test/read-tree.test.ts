import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readRepository, renderAll, selectTargets, writeRenderedTree } from '@slipway/render';
import { scratch } from '@slipway/testkit/git';
import { type Changes, replacing, shopWith } from '@slipway/testkit/shop';
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

async function readShop(changes: Changes): ReturnType<typeof readTree> {
  const workspace = shopWith(changes);
  const repository = await readRepository({ workspace, application: 'slipway.yaml' });
  const all = await renderAll(repository, { targets: selectTargets(repository, [], []), set: {} });
  const path = join(scratch(), 'rendered');
  await writeRenderedTree(path, all.destinations);
  return await readTree(path, CHOICE, { workspace, run: { repository: 'acme/shop', actor: '', url: '' } });
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
