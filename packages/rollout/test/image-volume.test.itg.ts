import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { pushBaseImages } from '@slipway/testbed';
import { useTestbed } from '@slipway/testbed/jest';
import { faultOf } from '../src/fault.ts';
import { assess } from '../src/status/assess.ts';
import type { Trouble } from '../src/status/status.ts';
import { emptyCluster } from './support/objects.ts';

const testbed = useTestbed({ parts: ['cluster', 'registry', 'node'], nodes: 0 });

let image: string;

beforeAll(async () => {
  image = (await pushBaseImages(testbed.registry)).base.name;
}, 900_000);

function kubectl(args: readonly string[], input = ''): string {
  const { kubectl: program, kubeconfig } = testbed.cluster;
  const { stdout, stderr } = spawnSync(program, ['--kubeconfig', kubeconfig, ...args], {
    input,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return stdout;
}

/** The first trouble of a pod that the kubelet cannot start. */
async function troubleOf(name: string, own: string, reference: string): Promise<Trouble> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      containers: [
        {
          name: 'main',
          image: own,
          command: ['sleep', '60'],
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      volumes: [{ name: 'data', image: { reference } }],
    },
  };
  kubectl(['create', '-f', '-', '-o', 'json'], JSON.stringify(pod));
  for (;;) {
    const live = JSON.parse(kubectl(['get', 'pod', name, '-o', 'json'])) as KubernetesObject;
    const trouble = assess(live, emptyCluster).troubles.find(({ reason }) => /ImagePull/.test(reason));
    if (trouble !== undefined) return trouble;
    await sleep(500);
  }
}

describe('the kubelet names the image that cannot be pulled', () => {
  it('of a volume, whose container has its own', async () => {
    const missing = image.replace(/[@:][^/]*$/, '-data:none');
    const trouble = await troubleOf('volume', image, missing);
    expect(trouble.message).toContain(`image "${missing}" of volume "data" of container "main"`);
    const object = { apiVersion: 'v1', kind: 'Pod', name: 'volume' };
    expect(faultOf({ object, state: 'failed', message: '', trouble }).pointer).toBe(
      '/spec/volumes/0/image/reference',
    );
  });

  it('of the container, whose volume has one', async () => {
    const missing = image.replace(/[@:][^/]*$/, ':none');
    const trouble = await troubleOf('container', missing, image);
    expect(trouble.message).toContain(`image "${missing}" of container "main"`);
  });
});
