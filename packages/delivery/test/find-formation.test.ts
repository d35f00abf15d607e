import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FormationChoice, findFormation, findReleased } from '@slipway/delivery';

let workspace: string;

const HEAD = 'apiVersion: slipway.dev/v1\nkind: ';
const LIVE = `${HEAD}Formation
metadata: {name: live}
spec:
  destinations:
    north: {namespace: ledger-north, context: north}
    east: {namespace: ledger-east, context: east, cluster: {server: "https://east.example"}}
`;

beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'slipway-find-'));
  mkdirSync(join(workspace, 'formations'));
  writeFileSync(
    join(workspace, 'slipway.yaml'),
    `${HEAD}Application\nmetadata: {name: ledger}\nspec: {registry: r.example/ledger, services: {api: {image: docker.io/library/api:1}}}\n`,
  );
  writeFileSync(join(workspace, 'formations/live.yaml'), LIVE);
});

afterAll(() => rmSync(workspace, { recursive: true }));

const EMPTY = { application: '', formation: '', destinations: [], namespace: '', context: '' };
const surroundings = () => ({ workspace, run: { repository: 'acme/ledger', actor: '', url: '' } });
const released = (choice: Partial<FormationChoice>) => findReleased({ ...EMPTY, ...choice }, surroundings());
const declared = (choice: Partial<FormationChoice>) => findFormation({ ...EMPTY, ...choice }, surroundings());

const DISAGREEMENTS: Readonly<Record<string, [Partial<FormationChoice>, string]>> = {
  'another namespace': [{ destinations: ['north'], namespace: 'ledger-south' }, 'input "namespace" is'],
  'the namespace of another destination': [
    { destinations: ['north'], namespace: 'ledger-east' },
    'live/north goes to "ledger-north"',
  ],
  'another context': [{ destinations: ['north'], context: 'east' }, 'live/north has the context "north"'],
  'another namespace and another context': [
    { destinations: ['north'], namespace: 'x', context: 'y' },
    'input "context" is "y"',
  ],
};

describe('a formation of the checkout', () => {
  it.each(Object.entries(DISAGREEMENTS))('is not taken with %s', async (_, [choice, message]) => {
    const error = { code: 'destination-differs', message: expect.stringContaining(message) };
    await expect(declared(choice)).rejects.toMatchObject(error);
    await expect(released(choice)).rejects.toMatchObject(error);
  });

  it('has the registry that was chosen, where its holds and removals are kept too', async () => {
    const choice = { destinations: ['north'] };
    const registryOf = async (registry: string) =>
      (await released({ ...choice, registry })).checkout?.repository.application.spec.registry;
    expect([await registryOf(''), await registryOf('mirror.example/ledger')]).toEqual([
      'r.example/ledger',
      'mirror.example/ledger',
    ]);
  });

  it('is taken with what it says itself, and with a context whose server will be compared', async () => {
    const same = { destinations: ['north'], namespace: 'ledger-north', context: 'north' };
    expect((await released(same)).identity).toMatchObject({ formation: 'live', namespace: 'ledger-north' });
    const east = await released({ destinations: ['east'], context: 'my-east' });
    expect(east.checkout?.destination.cluster?.server).toBe('https://east.example');
  });

  it('is found by the name of its application too, as where there is no checkout', async () => {
    const choice = { application: 'ledger', formation: 'live', namespace: 'ledger-south' };
    const found = await released(choice);
    expect(found).toEqual({
      identity: {
        application: 'ledger',
        formation: 'live',
        destination: undefined,
        namespace: 'ledger-south',
        repository: 'acme/ledger',
      },
    });
  });
});

describe('what was taken out of the checkout', () => {
  it.each([
    ['destination', { destinations: ['south'] }, 'there is no destination "south" in formation "live"'],
    ['destination', { destinations: ['noth'] }, 'did you mean "north"? If it was taken out'],
    ['formation', { formation: 'old' }, 'there is no formation "old"'],
  ])('is named with what leads to it: a %s', async (_, choice, message) => {
    await expect(released(choice)).rejects.toMatchObject({
      code: 'destination-unclear',
      message: expect.stringContaining(message),
    });
    await expect(released(choice)).rejects.toMatchObject({
      message: expect.stringContaining('set namespace to the one that it had'),
    });
  });

  it.each([
    [{ destinations: ['south'] }, 'destination', { formation: 'live', destination: 'south' }],
    [{ formation: 'old' }, 'formation', { formation: 'old', destination: undefined }],
    [{ formation: 'old', destinations: ['a'] }, 'formation', { formation: 'old', destination: 'a' }],
  ])('is found by its namespace, but not to deploy there: %j', async (choice, removed, identity) => {
    const found = await released({ ...choice, namespace: 'ledger-south' });
    expect(found).toMatchObject({
      removed,
      identity: { application: 'ledger', namespace: 'ledger-south', ...identity },
    });
    expect(found.checkout).toBeUndefined();
    await expect(declared({ ...choice, namespace: 'ledger-south' })).rejects.toMatchObject({
      code: 'destination-unclear',
    });
  });
});
