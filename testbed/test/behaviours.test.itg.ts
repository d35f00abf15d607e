import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestbed, type Testbed } from '../src/index.ts';
import { eventually } from './processes.ts';

const run = promisify(execFile);
const BUILD = 600_000;
const NOW_AND_THEN = 30_000;

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly state: Record<string, Record<string, unknown>>;
  readonly lastState: Record<string, Record<string, unknown>>;
}

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status: {
    readonly phase: string;
    readonly conditions: { type: string; status: string; reason?: string; message?: string }[];
    readonly containerStatuses: ContainerStatus[];
    readonly initContainerStatuses?: ContainerStatus[];
  };
}

type Template = Record<string, unknown>;

const IMAGE = 'registry.example/app:1';
const container = (fail?: string, more: Template = {}): Template => ({
  name: 'app',
  image: IMAGE,
  ...(fail !== undefined && { env: [{ name: 'SLIPWAY_TESTBED_FAIL', value: fail }] }),
  ...more,
});

const PODS: Record<string, { spec: Template; annotations?: Record<string, string> }> = {
  ready: { spec: { containers: [container()] } },
  probed: { spec: { containers: [container(undefined, { readinessProbe: { httpGet: { port: 80 } } })] } },
  slow: {
    spec: { containers: [container()] },
    annotations: { 'testbed.slipway.dev/behaviour': 'slow', 'testbed.slipway.dev/delay': '4' },
  },
  'never-ready': { spec: { containers: [container('never-ready')] } },
  'crash-loop': { spec: { containers: [container('crash-loop'), container(undefined, { name: 'beside' })] } },
  'late-crash': {
    spec: { containers: [container('crash-loop')] },
    annotations: { 'testbed.slipway.dev/delay': '5', 'testbed.slipway.dev/message': 'no database' },
  },
  'oom-killed': { spec: { containers: [container('oom-killed')] } },
  'image-pull': { spec: { containers: [container('image-pull')] } },
  'config-error': { spec: { containers: [container('config-error')] } },
  misspelt: { spec: { containers: [container('crashloop')] } },
  completes: { spec: { restartPolicy: 'Never', containers: [container()] } },
  fails: { spec: { restartPolicy: 'Never', containers: [container('crash-loop')] } },
  'init-fails': {
    spec: { initContainers: [container('crash-loop', { name: 'prepare' })], containers: [container()] },
  },
  'init-passes': {
    spec: {
      initContainers: [
        container(undefined, { name: 'prepare' }),
        container(undefined, { name: 'sidecar', restartPolicy: 'Always' }),
      ],
      containers: [container()],
    },
  },
};

const JOBS: Record<string, string | undefined> = { passes: undefined, breaks: 'crash-loop' };

function list(): unknown {
  const pods = Object.entries(PODS).map(([name, { spec, annotations }]) => {
    return { apiVersion: 'v1', kind: 'Pod', metadata: { name, annotations }, spec };
  });
  const jobs = Object.entries(JOBS).map(([name, fail]) => {
    const spec = { restartPolicy: 'Never', containers: [container(fail)] };
    return {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name },
      spec: { backoffLimit: 0, template: { spec } },
    };
  });
  return { apiVersion: 'v1', kind: 'List', items: [...pods, ...jobs] };
}

describe('pods on the fake nodes', () => {
  let testbed: Testbed;

  beforeAll(async () => {
    testbed = await startTestbed({ parts: ['cluster'] });
    const file = join(testbed.directory, 'pods.json');
    await writeFile(file, JSON.stringify(list()));
    await kubectl('create', '-f', file);
  }, BUILD);

  afterAll(async () => {
    await testbed.stop();
  });

  async function kubectl(...args: string[]): Promise<string> {
    const { cluster } = testbed;
    if (cluster === undefined) throw new Error('the testbed has no cluster');
    return (await run(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args])).stdout;
  }

  async function read<Content>(kind: string, name: string): Promise<Content> {
    return JSON.parse(await kubectl('get', kind, name, '-o', 'json')) as Content;
  }

  /** The pod once its status is as wanted; a status that never comes is shown as it is instead. */
  async function podWith(name: string, wanted: (status: Pod['status']) => boolean): Promise<Pod> {
    let pod = await read<Pod>('pod', name);
    await eventually(async () => {
      pod = await read<Pod>('pod', name);
      return (pod.status.containerStatuses ?? []).length > 0 && wanted(pod.status);
    });
    return pod;
  }

  const app = (pod: Pod) => pod.status.containerStatuses.find(({ name }) => name === 'app');
  const readiness = (pod: Pod) => pod.status.conditions.find(({ type }) => type === 'Ready');
  const isReady = (status: Pod['status']) =>
    status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  const waits = (reason: string) => (status: Pod['status']) =>
    status.containerStatuses.some(({ state }) => state['waiting']?.['reason'] === reason);

  it.each(['ready', 'probed', 'slow'])(
    'become Ready: %s',
    async name => {
      const pod = await podWith(name, isReady);
      expect(pod.status.phase).toBe('Running');
      expect(readiness(pod)).toMatchObject({ status: 'True' });
      expect(app(pod)).toMatchObject({ ready: true, started: true, restartCount: 0, state: { running: {} } });
    },
    NOW_AND_THEN,
  );

  it(
    'are not Ready before their delay is over',
    async () => {
      const pod = await podWith('slow', isReady);
      const started = Date.parse(String(app(pod)?.state['running']?.['startedAt']));
      const ready = pod.status.conditions.find(({ type }) => type === 'Ready') as {
        lastTransitionTime?: string;
      };
      expect(Date.parse(ready.lastTransitionTime ?? '') - started).toBeGreaterThanOrEqual(4_000);
    },
    NOW_AND_THEN,
  );

  it(
    'run and are never Ready',
    async () => {
      const pod = await podWith('never-ready', status => status.phase === 'Running');
      expect(app(pod)).toMatchObject({ ready: false, started: true, state: { running: {} } });
      expect(readiness(pod)).toMatchObject({
        status: 'False',
        reason: 'ContainersNotReady',
        message: 'containers with unready status: [app]',
      });
    },
    NOW_AND_THEN,
  );

  it(
    'crash-loop, with the exit code and the message of the last run',
    async () => {
      const pod = await podWith('crash-loop', waits('CrashLoopBackOff'));
      expect(pod.status.phase).toBe('Running');
      expect(app(pod)).toMatchObject({
        ready: false,
        restartCount: 1,
        state: {
          waiting: {
            message: `back-off 10s restarting failed container=app pod=crash-loop_default(${pod.metadata.uid})`,
          },
        },
        lastState: {
          terminated: { exitCode: 3, reason: 'Error', message: 'cannot start: the application gave up\n' },
        },
      });
      expect(pod.status.containerStatuses.find(({ name }) => name === 'beside')).toMatchObject({
        ready: true,
      });
      const later = await podWith('crash-loop', ({ containerStatuses }) =>
        containerStatuses.some(({ restartCount }) => restartCount === 2),
      );
      expect(app(later)).toMatchObject({ restartCount: 2, lastState: { terminated: { exitCode: 3 } } });
    },
    NOW_AND_THEN,
  );

  it(
    'crash after having been Ready for a while',
    async () => {
      const early = await podWith('late-crash', isReady);
      const late = await podWith('late-crash', ({ containerStatuses }) =>
        containerStatuses.some(({ restartCount }) => restartCount > 0),
      );
      expect(app(early)).toMatchObject({ ready: true });
      const { terminated = {} } = app(late)?.lastState ?? {};
      expect(terminated).toMatchObject({ exitCode: 3, message: 'no database' });
      const life = Date.parse(String(terminated['finishedAt'])) - Date.parse(String(terminated['startedAt']));
      expect(life).toBeGreaterThanOrEqual(5_000);
    },
    NOW_AND_THEN,
  );

  it(
    'are killed for want of memory',
    async () => {
      const pod = await podWith('oom-killed', waits('CrashLoopBackOff'));
      expect(app(pod)?.lastState).toMatchObject({ terminated: { exitCode: 137, reason: 'OOMKilled' } });
    },
    NOW_AND_THEN,
  );

  it(
    'wait for an image that is not there',
    async () => {
      const pod = await podWith('image-pull', waits('ImagePullBackOff'));
      expect(pod.status.phase).toBe('Pending');
      expect(app(pod)?.state['waiting']?.['message']).toMatch(
        /^Back-off pulling image "registry\.example\/app:1": ErrImagePull: .*not found$/,
      );
    },
    NOW_AND_THEN,
  );

  it(
    'wait for a ConfigMap that is not there',
    async () => {
      const pod = await podWith('config-error', waits('CreateContainerConfigError'));
      expect(pod.status.phase).toBe('Pending');
      expect(app(pod)?.state['waiting']?.['message']).toBe('configmap "app" not found');
    },
    NOW_AND_THEN,
  );

  it(
    'say that a behaviour is misspelt',
    async () => {
      const pod = await podWith('misspelt', waits('CreateContainerError'));
      expect(app(pod)?.state['waiting']?.['message']).toContain('does not know the behaviour "crashloop"');
    },
    NOW_AND_THEN,
  );

  it(
    'complete',
    async () => {
      const pod = await podWith('completes', status => status.phase === 'Succeeded');
      expect(app(pod)?.state).toMatchObject({ terminated: { exitCode: 0, reason: 'Completed' } });
      expect(readiness(pod)).toMatchObject({ status: 'False', reason: 'PodCompleted' });
    },
    NOW_AND_THEN,
  );

  it(
    'fail when they are not restarted',
    async () => {
      const pod = await podWith('fails', status => status.phase === 'Failed');
      expect(app(pod)?.state).toMatchObject({ terminated: { exitCode: 3, reason: 'Error' } });
      expect(readiness(pod)).toMatchObject({ status: 'False', reason: 'PodFailed' });
    },
    NOW_AND_THEN,
  );

  it(
    'do not start while an init container crashes',
    async () => {
      const pod = await podWith('init-fails', ({ initContainerStatuses = [] }) =>
        initContainerStatuses.some(({ state }) => state['waiting']?.['reason'] === 'CrashLoopBackOff'),
      );
      expect(pod.status.phase).toBe('Pending');
      expect(app(pod)?.state).toEqual({ waiting: { reason: 'PodInitializing' } });
      expect(pod.status.conditions.find(({ type }) => type === 'Initialized')).toMatchObject({
        status: 'False',
        reason: 'ContainersNotInitialized',
        message: 'containers with incomplete status: [prepare]',
      });
    },
    NOW_AND_THEN,
  );

  it(
    'start once their init containers are through, sidecars beside them',
    async () => {
      const pod = await podWith('init-passes', isReady);
      const [prepare, sidecar] = pod.status.initContainerStatuses ?? [];
      expect(prepare).toMatchObject({ ready: true, started: false, state: { terminated: { exitCode: 0 } } });
      expect(sidecar).toMatchObject({ ready: true, started: true, state: { running: {} } });
      expect(app(pod)).toMatchObject({ ready: true });
    },
    NOW_AND_THEN,
  );

  it.each([
    ['passes', 'Complete'],
    ['breaks', 'Failed'],
  ])(
    'make a Job end: %s is %s',
    async (name, condition) => {
      await kubectl('wait', `--for=condition=${condition}`, `job/${name}`, '--timeout=20s');
      const job = await read<{ status: { conditions: { type: string }[] } }>('job', name);
      expect(job.status.conditions.map(({ type }) => type)).toContain(condition);
    },
    NOW_AND_THEN,
  );

  it(
    'are gone when they are deleted',
    async () => {
      await podWith('ready', isReady);
      await kubectl('delete', 'pod', 'ready', '--timeout=10s');
      await expect(read('pod', 'ready')).rejects.toThrow('not found');
    },
    NOW_AND_THEN,
  );
});
