import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Diagnosis, JsonObject } from '@slipway/core';
import { roomFence } from '@slipway/release';
import { pushBusybox, type RunningPolicies, startPolicies } from '@slipway/testbed';
import { useTestbed } from '@slipway/testbed/jest';
import { until } from '@slipway/testkit/cluster';
import { loadAll } from 'js-yaml';
import { serverPod } from '../packages/cli/src/doctor/network/objects.ts';
import { checkoutFor, type SetupWorld, startSetupWorld } from './support/setup-world.ts';
import { ROOT } from './support/sources.ts';

const run = promisify(execFile);
const PROGRAM = join(ROOT, 'tools/slipway.ts');
const PAGE = readFileSync(join(ROOT, 'docs/spawned.md'), 'utf8');
/** No one's address, of a range that the fence of a room calls private; this machine has it as long as the tests run. */
const PRIVATE = '10.254.94.1';

const testbed = useTestbed({ parts: ['cluster', 'registry', 'node'], nodes: 0 });
let world: SetupWorld;
let image: string;
let folder: string;
beforeAll(async () => {
  world = await startSetupWorld(testbed.cluster.kubectl, testbed.cluster.kubeconfig);
  image = (await pushBusybox(testbed.registry)).name;
  folder = checkoutFor('previews', {});
});
afterAll(() => world?.stop());

async function kubectl(args: readonly string[], input?: unknown): Promise<string> {
  const running = run(testbed.cluster.kubectl, [`--kubeconfig=${testbed.cluster.kubeconfig}`, ...args]);
  running.child.stdin?.end(input === undefined ? '' : JSON.stringify(input));
  return (await running).stdout;
}

const trials = (): Promise<string> =>
  kubectl(['get', 'namespaces', '--selector=slipway.dev/network-trial', '-o', 'name']);

/** What doctor says of the network. */
async function tried(...more: readonly string[]) {
  const { exitCode, printed, complaints } = await world.slipway(folder, [
    'doctor',
    'staging',
    '--json',
    ...more,
  ]);
  const { checks } = JSON.parse(printed) as Diagnosis;
  return { exitCode, complaints, checks: checks.filter(({ what }) => what.startsWith('network policies')) };
}

describe('slipway doctor --try-network, on a network that enforces nothing', () => {
  it('writes nothing without --yes, and calls it not known', async () => {
    const { exitCode, checks } = await tried('--try-network', image);
    expect(exitCode).toBe(1);
    expect(checks).toMatchObject([
      { state: 'unknown', detail: expect.stringContaining(testbed.cluster.server) },
    ]);
    expect(checks[0]?.fix).toContain(`--try-network ${image} --yes`);
    expect(await trials()).toBe('');
  });

  it('says that policies are not enforced, and leaves nothing', async () => {
    const { exitCode, checks, complaints } = await tried('--try-network', image, '--yes');
    expect(checks).toMatchObject([
      {
        state: 'missing',
        detail: 'not enforced: a pod reached another one that a policy for Ingress denies',
      },
    ]);
    expect([exitCode, complaints]).toEqual([1, expect.stringContaining(testbed.cluster.server)]);
    expect(await trials()).toBe('');
  });

  it('knows nothing where the pods do not start, and leaves nothing', async () => {
    const { exitCode, checks } = await tried('--try-network', `${image}-none`, '--yes');
    expect(checks).toMatchObject([
      {
        state: 'unknown',
        detail: expect.stringMatching(/^the pod server did not start: ImagePullBackOff: /),
      },
    ]);
    expect(exitCode).toBe(1);
    expect(await trials()).toBe('');
  });

  it('knows nothing where the user may not make a namespace', async () => {
    const eve = await testbed.cluster.userKubeconfig('eve');
    const args = ['doctor', 'staging', '--json', '--try-network', image, '--yes'];
    const { printed } = await world.slipway(folder, args, { KUBECONFIG: eve });
    const found = (JSON.parse(printed) as Diagnosis).checks.find(({ what }) =>
      what.startsWith('network policies'),
    );
    expect(found).toMatchObject({
      state: 'unknown',
      detail: expect.stringMatching(/^the namespace could not be made: .*\(Forbidden\)/),
    });
  });

  it('removes the namespace when it is interrupted', async () => {
    const { printed, exitCode } = await world.shell(
      'bash',
      `node --conditions=slipway-source ${PROGRAM} doctor staging --try-network ${image} --yes & program=$!
       until kubectl get pods --all-namespaces --field-selector=metadata.name=client,status.phase=Running -o name | grep -q client; do sleep 0.2; done
       kill -INT $program; wait $program || echo "ended with $?"`,
      folder,
    );
    expect([exitCode, printed]).toEqual([0, expect.stringMatching(/ended with 2\n$/)]);
    expect(await trials()).toBe('');
  });
});

describe('slipway doctor --try-network, on a network that enforces policies', () => {
  let policies: RunningPolicies | undefined;
  let server: Server;
  let bridge: string;
  const addresses = new Map<string, string>();

  beforeAll(async () => {
    policies = await startPolicies(testbed.cluster);
    bridge = await bridgeOfNode();
    await run('ip', ['address', 'add', `${PRIVATE}/32`, 'dev', bridge]);
    server = createServer(socket => void socket.on('error', () => undefined).end('slipway\n'));
    await new Promise<void>(resolve => server.listen(8080, PRIVATE, resolve));
    await raiseFences();
    for (const pod of [
      'shop-previews/a',
      'shop-previews/b',
      'shop-pr-1/c',
      'shop-pr-1/d',
      'gateway-system/g',
      'other/o',
    ])
      addresses.set(pod, await started(pod));
    addresses.set('a private address', PRIVATE);
  });
  afterAll(async () => {
    server?.close();
    if (bridge !== undefined) await run('ip', ['address', 'delete', `${PRIVATE}/32`, 'dev', bridge]);
    await policies?.stop();
  });

  async function bridgeOfNode(): Promise<string> {
    const { stdout } = await run('ip', [
      '-json',
      'address',
      'show',
      'to',
      `${testbed.cluster.node?.address}/32`,
    ]);
    return (JSON.parse(stdout) as { ifname: string }[])[0]?.ifname ?? '';
  }

  /** The namespace that the page shows, and one as `mode: room` makes it. */
  async function raiseFences(): Promise<void> {
    const shown = [...PAGE.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
    const namespace = shown.find(text => text.includes('kind: NetworkPolicy')) ?? '';
    for (const name of ['shop-pr-1', 'gateway-system', 'other']) await kubectl(['create', 'namespace', name]);
    const objects = [
      ...(loadAll(namespace) as JsonObject[]),
      ...roomFence('shop-pr-1', { network: { from: ['gateway-system'] } }),
    ];
    expect(objects.filter(({ kind }) => kind === 'NetworkPolicy')).toHaveLength(2);
    for (const object of objects) await kubectl(['apply', '-f', '-'], object);
  }

  /** @returns its address */
  async function started(pod: string): Promise<string> {
    const [namespace = '', name = ''] = pod.split('/');
    const made = { ...serverPod(image), metadata: { name, namespace } };
    await until(() =>
      kubectl(['create', '-f', '-'], made).then(
        () => true,
        () => false,
      ),
    );
    let address = '';
    await until(async () => {
      const path = 'jsonpath={.status.phase} {.status.podIP}';
      const [phase, found = ''] = (
        await kubectl(['get', 'pod', name, `--namespace=${namespace}`, '-o', path])
      ).split(' ');
      address = found;
      return phase === 'Running' && found !== '';
    });
    return address;
  }

  /** Whether a pod gets the answer of another one within some tries; a listener may be about to start. */
  async function isReached(from: string, to: string): Promise<boolean> {
    const [namespace = '', name = ''] = from.split('/');
    const once = `nc -w 2 ${addresses.get(to)} 8080 </dev/null | grep -q slipway`;
    const script = `for try in 1 2 3; do ${once} && exit 0; sleep 1; done; exit 1`;
    const args = ['exec', name, `--namespace=${namespace}`, '--', '/bin/sh', '-c', script];
    return await kubectl(args).then(
      () => true,
      () => false,
    );
  }

  it('says that they are', async () => {
    const { checks } = await tried('--try-network', image, '--yes');
    expect(checks).toMatchObject([
      { state: 'fine', detail: 'enforced: a policy kept two pods apart, in each direction' },
    ]);
    expect(await trials()).toBe('');
  });

  it.each([
    ['shop-previews/a', 'shop-previews/b', true],
    ['gateway-system/g', 'shop-previews/a', true],
    ['other/o', 'shop-previews/a', false],
    ['shop-pr-1/c', 'shop-previews/a', false],
    ['shop-previews/a', 'other/o', false],
    ['shop-previews/a', 'shop-pr-1/c', false],
    ['shop-previews/a', 'a private address', false],
    ['shop-pr-1/c', 'shop-pr-1/d', true],
    ['gateway-system/g', 'shop-pr-1/c', true],
    ['other/o', 'shop-pr-1/c', false],
    // Addresses of the testbed's pods are in none of the private ranges.
    ['shop-pr-1/c', 'other/o', true],
    ['shop-pr-1/c', 'a private address', false],
    ['other/o', 'gateway-system/g', true],
    ['other/o', 'a private address', true],
  ])('the fences of both forms: %s reaches %s: %s', async (from, to, expected) => {
    expect(await isReached(from, to)).toBe(expected);
  });
});
