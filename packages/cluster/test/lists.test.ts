import { describe, expect, it } from '@jest/globals';
import { type JsonObject, SlipwayError } from '@slipway/core';
import { ALL_FIELDS, listAll } from '../src/lists.ts';

const RESOURCE = {
  ...{ apiVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps' },
  ...{ namespaced: true, verbs: ['list'], scalable: false },
};
const QUERY = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop' };

const item = (name: string): JsonObject => ({ metadata: { name } });

/** A server with two pages that forgets the second one so many times. */
async function listing(forgets: number): Promise<readonly string[]> {
  let left = forgets;
  const call = async (_what: string, { path }: { readonly path: string }): Promise<JsonObject> => {
    if (!path.includes('continue=')) return { metadata: { continue: 'more' }, items: [item('a')] };
    if (left-- > 0) throw new SlipwayError({ code: 'cluster-expired', message: 'too old' });
    return { metadata: {}, items: [item('b')] };
  };
  const { items } = await listAll(call, RESOURCE, QUERY, ALL_FIELDS);
  return items.map(({ metadata }) => metadata.name);
}

describe('an answer', () => {
  const answering = (answer: JsonObject) => listAll(async () => answer, RESOURCE, QUERY, ALL_FIELDS);

  it.each<[string, JsonObject]>([
    ['no items', { kind: 'ConfigMapList', items: [] }],
    ['null, as Go writes a list without any', { kind: 'ConfigMapList', metadata: {}, items: null }],
  ])('with %s is an empty list', async (_, answer) => {
    expect((await answering(answer)).items).toEqual([]);
  });

  it.each<[string, JsonObject]>([
    ['nothing', {}],
    ['what is not a list', { kind: 'Status', status: 'Success' }],
    ['null that is not of a list', { items: null }],
    ['items that are not a list', { kind: 'ConfigMapList', items: {} }],
  ])('with %s is refused, as what is not there would be forgotten', async (_, answer) => {
    await expect(answering(answer)).rejects.toMatchObject({
      code: 'cluster-refused',
      message: expect.stringContaining('its answer is not a list'),
    });
  });
});

describe('a list whose later pages have expired', () => {
  it.each([0, 1, 2])('is read again from the beginning, without an item twice: %s times', async forgets => {
    expect(await listing(forgets)).toEqual(['a', 'b']);
  });

  it('is given up with what happened, if that does not end', async () => {
    await expect(listing(3)).rejects.toMatchObject({
      code: 'cluster-expired',
      message: expect.stringContaining('listing ConfigMap: the API server forgot the list 3 times'),
    });
  });
});
