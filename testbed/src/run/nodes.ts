import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platformArchitecture } from '../images/image.ts';
import { type Api, create } from './api.ts';
import type { StartContext } from './context.ts';
import { readStages } from './stages.ts';

/** The label that distinguishes nodes: `real` or `fake`. If there is a real node, the fake ones also have it as a taint. */
export const NODE_KIND = 'testbed.slipway.dev/node';
/** Marks the nodes that kwok simulates; it leaves a real node alone. */
const FAKE = 'kwok.x-k8s.io/node';
/** The controller manager calls a node dead 50 s after its last lease. */
const LEASE_SECONDS = 40;
const POD_CIDR = '10.244.0.0/16';
const NODES_AT_ONCE = 50;

export interface FakeNodes {
  readonly count: number;
  /** Only pods that tolerate it come to the fake nodes: there is a real one for the others. */
  readonly tainted: boolean;
}

/** Starts kwok with the testbed's stages and adds that many nodes, Ready when this returns. */
export async function startNodes(
  { count, tainted }: FakeNodes,
  kubeconfigPath: string,
  api: Api,
  { folder, locate, supervision, signal }: StartContext,
): Promise<void> {
  const stages = join(folder, 'stages.yaml');
  await writeFile(stages, await readStages());
  supervision.start({
    name: 'kwok',
    command: locate('kwok'),
    args: [
      `--kubeconfig=${kubeconfigPath}`,
      `--config=${stages}`,
      '--manage-all-nodes=false',
      `--manage-nodes-with-annotation-selector=${FAKE}=fake`,
      `--node-lease-duration-seconds=${LEASE_SECONDS}`,
      '--node-ip=127.0.0.1',
      `--cidr=${POD_CIDR}`,
    ],
  });
  const names = Array.from({ length: count }, (_, index) => `node-${index + 1}`);
  for (let at = 0; at < names.length; at += NODES_AT_ONCE) {
    await Promise.all(
      names.slice(at, at + NODES_AT_ONCE).map(name => create(api, '/api/v1/nodes', fakeNode(name, tainted))),
    );
  }
  await supervision.until('kwok', async ended => {
    const until = AbortSignal.any([signal, ended]);
    for (const name of names)
      await api.waitFor(`/api/v1/nodes/${name}`, answer => isReady(answer.body), until);
  });
}

function fakeNode(name: string, tainted: boolean): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { [FAKE]: 'fake' },
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': platformArchitecture(),
        type: 'kwok',
        [NODE_KIND]: 'fake',
      },
    },
    ...(tainted && { spec: { taints: [{ key: NODE_KIND, value: 'fake', effect: 'NoSchedule' }] } }),
  };
}

/** Whether an answer of the API server is a node that is Ready. */
export function isReady(body: string): boolean {
  if (body === '') return false;
  const node = JSON.parse(body) as { status?: { conditions?: { type: string; status: string }[] } };
  return node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}
