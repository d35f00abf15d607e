import { expect, it } from '@jest/globals';
import { shopWith, withPreview } from '@slipway/testkit/shop';
import type { FormationChoice } from '../src/request.ts';
import { askedFor } from '../src/spawned/instances-asked.ts';

const workspace = shopWith(withPreview);
const EVERYTHING = { application: '', formation: '', destinations: [], namespace: '', context: '' };

async function asked(changes: Partial<FormationChoice>) {
  const run = { repository: 'acme/shop', actor: '', url: '' };
  const { spawning, others } = await askedFor<FormationChoice>(
    { ...EVERYTHING, ...changes },
    { workspace, run },
  );
  return {
    instances: spawning.map(({ identity }) => `${identity.formation}/${identity.destination}`),
    others: others && [others.formation, ...others.destinations],
  };
}

it.each<[string, Partial<FormationChoice>, Awaited<ReturnType<typeof asked>>]>([
  ['everything', {}, { instances: ['preview/dev'], others: [''] }],
  ['a spawned formation', { formation: 'preview' }, { instances: ['preview/dev'], others: undefined }],
  ['a formation that is not spawned', { formation: 'staging' }, { instances: [], others: ['staging'] }],
  [
    'a destination of instances',
    { destinations: ['dev'] },
    { instances: ['preview/dev'], others: undefined },
  ],
  ['a destination of others', { destinations: ['main'] }, { instances: [], others: ['', 'main'] }],
  [
    'destinations of both',
    { destinations: ['main', 'dev'] },
    { instances: ['preview/dev'], others: ['', 'main'] },
  ],
  // What is wrong with these, whoever looks at the others says.
  ['a destination that no one has', { destinations: ['mars'] }, { instances: [], others: ['', 'mars'] }],
  ['an instance without its key', { formation: 'preview-7' }, { instances: [], others: ['preview-7'] }],
  [
    'one instance',
    { formation: 'preview', spawn: { what: { text: '7' } } },
    { instances: [], others: ['preview'] },
  ],
  ['an application by its name', { application: 'shop' }, { instances: [], others: [''] }],
])('a look is about the instances that are asked for: %s', async (_title, changes, expected) => {
  expect(await asked(changes)).toEqual(expected);
});

it('a destination that the spawned formation does not have is refused', async () => {
  await expect(asked({ formation: 'preview', destinations: ['main'] })).rejects.toMatchObject({
    code: 'destination-unclear',
    message: expect.stringContaining('there is no destination "main"'),
  });
});
