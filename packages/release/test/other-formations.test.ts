import { describe, expect, it } from '@jest/globals';
import { type KubernetesObject, PART_OF } from '@slipway/kubernetes';
import { mayGoInSteps } from '@slipway/steps';
import { otherFormations } from '../src/plan/other-formations.ts';
import { deployment } from './fixture.ts';

const service = (name: string, app: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { selector: { app }, ports: [{ port: 80 }] },
});
const theirs = (object: KubernetesObject, manager: string): KubernetesObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    labels: { [PART_OF]: 'theirs' },
    managedFields: [{ manager, operation: 'Apply', apiVersion: object.apiVersion, fieldsV1: {} }],
  },
});

async function found(...live: KubernetesObject[]): Promise<string[]> {
  const asked: (string | undefined)[] = [];
  const api = deployment('api') as KubernetesObject;
  const ours = [{ ...api, metadata: { ...api.metadata, namespace: 'shop' } }, service('api', 'api')];
  const { workloads } = mayGoInSteps(ours, { steps: [{ weight: 20 }] });
  const client = {
    list: async ({ kind, labelSelector }: { readonly kind: string; readonly labelSelector?: string }) => {
      asked.push(labelSelector);
      // Items of a list come without a kind.
      const items = live.filter(object => object.kind === kind);
      return { resourceVersion: '1', items: items.map(({ kind: _, ...item }) => item as KubernetesObject) };
    },
  };
  const problems = await otherFormations(client, { namespace: 'shop', set: 'ours' }, workloads);
  expect(new Set(asked)).toEqual(new Set([`${PART_OF},${PART_OF}!=ours`]));
  return problems.map(({ code, message }) => `${code}: ${message}`);
}

describe('another formation in the namespace of a release in steps', () => {
  it('is named where its Service selects the pods of the release', async () => {
    expect(await found(theirs(service('all', 'api'), 'slipway:shop/canary'))).toEqual([
      'steps-selector: Service all of shop/canary also selects Deployment api, and would send to its copy from the first Ready pod on',
    ]);
  });

  it('is named by its set where it is not known which it is', async () => {
    expect(await found(theirs(service('all', 'api'), 'kubectl'))).toEqual([
      expect.stringContaining(`Service all of another set (${PART_OF} "theirs") also selects`),
    ]);
  });

  it('is left alone with labels of its own', async () => {
    expect(await found(theirs(service('other', 'other'), 'slipway:shop/canary'))).toEqual([]);
  });
});
