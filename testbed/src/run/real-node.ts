import { randomInt } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { type Environment, requireRoot } from '../build/machine.ts';
import type { TestbedErrorCode } from '../error-codes.ts';
import type { Api } from './api.ts';
import type { ClusterFiles } from './cluster-files.ts';
import type { StartContext } from './context.ts';
import { isolation } from './isolation.ts';
import { isReady } from './nodes.ts';
import type { TestbedNode, TestbedOptions } from './options.ts';
import { withFreePorts } from './ports.ts';
import { type NodeShare, writeNodeFiles } from './real-node-files.ts';

const NODE_NAME = 'real-1';
/** Each testbed has 256 addresses of 198.18.0.0/15, which is reserved for tests of network devices (RFC 2544). */
const NETWORKS = 512;
const CGROUPS = '/sys/fs/cgroup';

/** @throws SlipwayError `testbed-option` or `testbed-machine`, before anything is built, if a real node cannot run */
export async function requireRealNode(
  options: TestbedOptions,
  environment: Environment,
  user?: number,
): Promise<void> {
  if (!options.parts.includes('cluster') || options.use?.kubeconfig !== undefined) {
    throw new SlipwayError<TestbedErrorCode>({
      code: 'testbed-option',
      message: "a real node joins the testbed's own control plane only",
      remedy: 'add cluster to --parts and leave out --use-kubeconfig, or leave node out',
    });
  }
  requireRoot('node', user);
  const lacking = await lackingRight(environment);
  if (lacking === undefined) return;
  throw new SlipwayError<TestbedErrorCode>({
    code: 'testbed-machine',
    message: `the testbed's real node cannot run here: this machine lacks ${lacking}`,
    remedy: 'run it on a virtual machine or in a privileged container, or leave node out of --parts',
  });
}

async function lackingRight(environment: Environment): Promise<string | undefined> {
  if ((await isolation(environment)) === undefined)
    return 'the command unshare, or the right to namespaces (CAP_SYS_ADMIN)';
  return await access(CGROUPS, constants.W_OK).then(
    () => undefined,
    () => `the right to add control groups (${CGROUPS} cannot be written)`,
  );
}

/** Starts containerd and kubelet; the node is Ready when this returns. */
export async function startRealNode(
  server: string,
  files: ClusterFiles,
  api: Api,
  context: StartContext,
): Promise<TestbedNode> {
  const { supervision, signal, folder, locate, environment } = context;
  const isolated = (await isolation(environment)) ?? [];
  await mkdir(join(folder, 'node', 'data'), { recursive: true, mode: 0o700 });
  return await withFreePorts(async () => {
    const share = freeShare(folder);
    const plan = await writeNodeFiles(share, server, files, locate);
    const [command = '', ...args] = [...isolated, locate('machine'), 'start', plan];
    supervision.start({ name: 'node', command, args, cleanup: [locate('machine'), 'sweep', plan] });
    await supervision.until('node', async ended => {
      const path = `/api/v1/nodes/${share.name}`;
      await api.waitFor(path, ({ body }) => isReady(body), AbortSignal.any([signal, ended]));
    });
    return { name: share.name, address: share.address };
  });
}

/** A network that no interface of this machine uses. The bridge's name reserves it, as a second bridge of that name is refused. */
function freeShare(folder: string): NodeShare {
  const taken = Object.values(networkInterfaces()).flatMap(list => list?.map(({ address }) => address) ?? []);
  const numbers = Array.from({ length: NETWORKS }, (_, number) => number).filter(
    number => !taken.some(address => address.startsWith(`${prefixOf(number)}.`)),
  );
  const number = numbers[randomInt(numbers.length || 1)] ?? 0;
  const prefix = prefixOf(number);
  return {
    name: NODE_NAME,
    folder,
    address: `${prefix}.1`,
    network: `${prefix}.0/24`,
    bridge: `slipway-${number}`,
    cgroup: `slipway-testbed-${number}`,
  };
}

/** The bridge of the node with that address. */
export function bridgeOf(address: string): string {
  const [, second = 0, third = 0] = address.split('.').map(Number);
  return `slipway-${((second - 18) << 8) | third}`;
}

function prefixOf(number: number): string {
  return `198.${18 + (number >> 8)}.${number & 255}`;
}
