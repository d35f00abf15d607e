import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pushBaseImages, startTestbed, type Testbed } from '../src/index.ts';
import { container, deployment, job, type PodState, pod, service } from './pods.ts';
import { eventually } from './processes.ts';

const run = promisify(execFile);
const BUILD = 600_000;
let testbed: Testbed;

async function kubectl(...args: string[]): Promise<string> {
  const { kubectl: program = '', kubeconfig = '' } = testbed.cluster ?? {};
  const { stdout } = await run(program, [`--kubeconfig=${kubeconfig}`, ...args]);
  return stdout;
}

async function apply(...objects: unknown[]): Promise<void> {
  const { kubectl: program = '', kubeconfig = '' } = testbed.cluster ?? {};
  const applied = run(program, [`--kubeconfig=${kubeconfig}`, 'apply', '--filename=-']);
  applied.child.stdin?.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  await applied;
}

/** The state of a pod's only container once `good` likes it, or the last one there was. */
async function stateOf(name: string, good: (state: PodState) => boolean): Promise<PodState> {
  let state: PodState = {};
  await eventually(async () => {
    const { status } = JSON.parse(await kubectl('get', 'pod', name, '--output=json')) as {
      status: { phase: string; containerStatuses?: PodState[] };
    };
    state = { phase: status.phase, ...status.containerStatuses?.[0] };
    return good(state);
  });
  return state;
}

const waitsFor = (reason: string) => (state: PodState) => state.state?.waiting?.reason === reason;

describe('a real node', () => {
  beforeAll(async () => {
    testbed = await startTestbed({ parts: ['cluster', 'registry', 'node'], nodes: 1 });
    const registry = testbed.registry?.address ?? '';
    const image = (await pushBaseImages(registry)).base.name;
    const answers = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 };
    await apply(
      pod('ready', container(image, 'exec httpd -p 8080 -h /tmp', { readinessProbe: answers })),
      service('ready'),
      pod('crash', container(image, 'exit 3')),
      pod(
        'crash-once',
        container(image, '[ -e /kept/it ] && exec sleep 600; touch /kept/it; echo "no settings"; exit 3', {
          volumeMounts: [{ name: 'kept', mountPath: '/kept' }],
        }),
        { volumes: [{ name: 'kept', emptyDir: {} }] },
      ),
      // Each round doubles the text, so that the limit is passed within a second.
      pod(
        'leak',
        container(image, 'x=1234567890; while true; do x=$x$x; done', {
          resources: { limits: { memory: '32Mi' } },
        }),
      ),
      pod('no-image', container(`${registry}/testbed/base:none`, 'true')),
      pod(
        'never-ready',
        container(image, 'exec sleep 600', {
          readinessProbe: { ...answers, httpGet: { path: '/', port: 9 } },
        }),
      ),
      pod(
        'no-key',
        container(image, 'true', {
          env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'kube-root-ca.crt', key: 'missing' } } }],
        }),
      ),
      pod('no-command', { name: 'main', image, command: ['/bin/shop'] }),
      job('complete', container(image, 'echo done')),
      job('failed', container(image, 'exit 4')),
    );
  }, BUILD);

  afterAll(async () => {
    await testbed?.stop();
  });

  it('makes a pod Ready when its probe is answered', async () => {
    expect(await stateOf('ready', ({ ready }) => ready === true)).toMatchObject({
      phase: 'Running',
      ready: true,
      restartCount: 0,
    });
  });

  it('gives logs, runs commands in a container, and is reached through a Service by the API server', async () => {
    expect(await kubectl('logs', 'ready')).toBe('serving /tmp on port 8080\n');
    expect(await kubectl('exec', 'ready', '--', 'hostname')).toBe('ready\n');
    const path = '/api/v1/namespaces/default/services/ready:http/proxy/healthz';
    expect((await kubectl('get', '--raw', path)).trim()).toBe('ok');
  });

  it('restarts a container that ends, later each time, and keeps what it said', async () => {
    const runsAgain = await stateOf(
      'crash-once',
      ({ ready, restartCount }) => ready === true && restartCount === 1,
    );
    expect(runsAgain.lastState?.terminated).toMatchObject({ reason: 'Error', exitCode: 3 });
    expect(await kubectl('logs', '--previous', 'crash-once')).toBe('no settings\n');
    const backsOff = async () => {
      const events = await kubectl('get', 'events', '--field-selector=involvedObject.name=crash');
      return events.includes('Back-off restarting failed container main');
    };
    expect(await eventually(backsOff)).toBe(true);
  });

  it('kills a container that takes more memory than its limit', async () => {
    const killed = await stateOf('leak', ({ lastState }) => lastState?.terminated !== undefined);
    expect(killed.lastState?.terminated).toMatchObject({ reason: 'OOMKilled', exitCode: 137 });
  });

  it('says that an image is not in the registry, then waits', async () => {
    const state = await stateOf('no-image', waitsFor('ImagePullBackOff'));
    expect(state.state?.waiting?.message).toMatch(/^Back-off pulling image .*base:none: not found$/s);
    const events = await kubectl('get', 'events', '--field-selector=involvedObject.name=no-image');
    expect(events).toContain('ErrImagePull');
  });

  it('does not make a pod Ready whose probe is refused', async () => {
    const events = async () =>
      await kubectl('get', 'events', '--field-selector=involvedObject.name=never-ready');
    expect(await eventually(async () => (await events()).includes('Readiness probe failed'))).toBe(true);
    expect(await stateOf('never-ready', ({ phase }) => phase === 'Running')).toMatchObject({
      ready: false,
    });
  });

  it('names the key that a container needs and a ConfigMap has not', async () => {
    const state = await stateOf('no-key', waitsFor('CreateContainerConfigError'));
    expect(state.state?.waiting?.message).toBe(
      "couldn't find key missing in ConfigMap default/kube-root-ca.crt",
    );
  });

  it('names the command that an image has not', async () => {
    const state = await stateOf('no-command', ({ lastState }) => lastState?.terminated !== undefined);
    expect(state.lastState?.terminated).toMatchObject({ reason: 'StartError', exitCode: 128 });
    expect(state.lastState?.terminated?.message).toContain('"/bin/shop"');
  });

  it('completes a Job and fails another', async () => {
    await kubectl('wait', '--for=condition=Complete', 'job/complete', '--timeout=50s');
    await kubectl('wait', '--for=condition=Failed', 'job/failed', '--timeout=50s');
    expect(await kubectl('logs', 'job/complete')).toBe('done\n');
  });

  it('takes the pods that do not say where, and the fake node those that ask for it', async () => {
    const fake = {
      nodeSelector: { 'testbed.slipway.dev/node': 'fake' },
      tolerations: [{ key: 'testbed.slipway.dev/node', value: 'fake' }],
    };
    await apply(deployment('played', { name: 'main', image: 'nothing:1' }, fake));
    await kubectl('rollout', 'status', 'deployment/played', '--timeout=20s');
    const nodes = await kubectl(
      'get',
      'pods',
      '--output=jsonpath={range .items[*]}{.metadata.name}={.spec.nodeName}{"\\n"}{end}',
    );
    expect(nodes).toMatch(/^played-\S+=node-1$/m);
    expect(nodes).toMatch(/^ready=real-1$/m);
  });
});
