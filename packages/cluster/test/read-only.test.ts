import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { ClusterClient } from '../src/client.ts';
import { withoutWrites } from '../src/read-only.ts';

/** A cluster whose credentials may do everything. */
function almighty(): { readonly client: ClusterClient; readonly asked: JsonObject[] } {
  const asked: JsonObject[] = [];
  const unexpected = () => Promise.resolve({} as never);
  const client = {
    ...{ apply: unexpected, create: unexpected, update: unexpected, patch: unexpected, delete: unexpected },
    review(question: JsonObject) {
      asked.push(question);
      return Promise.resolve({
        allowed: true,
        resourceRules: [
          { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
          { apiGroups: [''], resources: ['secrets'], verbs: ['list', 'delete'] },
        ],
      });
    },
    within: () => client,
  } as unknown as ClusterClient;
  return { client, asked };
}

const review = (verb: string): JsonObject => ({
  kind: 'SelfSubjectAccessReview',
  spec: { resourceAttributes: { verb, resource: 'pods' } },
});

describe('a cluster that is only read', () => {
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } };
  const reference = { apiVersion: 'v1', kind: 'Pod', name: 'a' };

  it('sends nothing that writes, dry runs neither, with a limit neither', async () => {
    for (const client of [
      withoutWrites(almighty().client),
      withoutWrites(almighty().client).within({} as never),
    ]) {
      const writes = [
        () => client.apply(object, { fieldManager: 'a', dryRun: true }),
        () => client.create(object),
        () => client.update(object),
        () => client.patch(reference, {}, { dryRun: true }),
        () => client.delete(reference, { dryRun: true }),
      ];
      for (const write of writes) await expect(write()).rejects.toThrow('only read');
    }
  });

  it('has the rights to read that its credentials have, and no other', async () => {
    const { client, asked } = almighty();
    const reading = withoutWrites(client);
    expect(await reading.review(review('patch'))).toMatchObject({ allowed: false });
    expect(asked).toEqual([]);
    expect(await reading.review(review('get'))).toMatchObject({ allowed: true });
    expect(await reading.review({ kind: 'SelfSubjectRulesReview', spec: {} })).toMatchObject({
      resourceRules: [{ verbs: ['get', 'list', 'watch'] }, { verbs: ['list'] }],
    });
  });
});
