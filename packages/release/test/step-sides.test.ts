import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { stepsState } from '@slipway/testkit/releases';
import { stepSides } from '../src/index.ts';

const REVISION = 'deployment.kubernetes.io/revision';

const deployment = (name: string, revision: string): KubernetesObject => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
  metadata: { name, uid: `uid-of-${name}`, annotations: { [REVISION]: revision } },
});

const set = (name: string, owner: string, revision: string, replicas = 0): KubernetesObject => ({
  ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet', spec: { replicas } },
  metadata: { name, ownerReferences: [{ uid: `uid-of-${owner}` }], annotations: { [REVISION]: revision } },
});

function sidesWith(deployments: readonly KubernetesObject[], sets: readonly KubernetesObject[]) {
  const client = {
    get: async ({ name }: { readonly name: string }) =>
      deployments.find(({ metadata }) => metadata.name === name),
    list: async () => ({ items: sets }),
  };
  const stable = { release: 1, workloads: [{ name: 'api', uid: 'x', template: 'sha256:00' }] };
  return stepSides(client as never, { namespace: 'shop', steps: stepsState({ stable }) });
}

describe('the pods of both versions', () => {
  it('are those of the ReplicaSets that could have had some in the step', async () => {
    const sets = [
      set('api-old', 'api', '3'),
      set('api-stuck', 'api', '4', 1),
      set('api-7d9f', 'api', '5'),
      set('api-next-5c8d', 'api-next', '1', 2),
      set('web-1', 'web', '5', 2),
    ];
    expect(await sidesWith([deployment('api', '5'), deployment('api-next', '1')], sets)).toEqual({
      stable: { api: ['api-stuck-*', 'api-7d9f-*'] },
      next: { api: ['api-next-5c8d-*'] },
    });
  });

  it('have no name where there is no copy', async () => {
    expect(await sidesWith([deployment('api', '5')], [])).toEqual({ stable: { api: [] }, next: { api: [] } });
  });

  it('have the names that the API server shortens', async () => {
    const long = `${'a'.repeat(50)}-7d9f5c8d9`;
    const { stable } = await sidesWith([deployment('api', '1')], [set(long, 'api', '1')]);
    expect(stable).toEqual({ api: [`${'a'.repeat(50)}-7d9f5c8*`] });
  });
});
