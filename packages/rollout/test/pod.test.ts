import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { assess } from '../src/status/assess.ts';
import { ONLY_AT_DEADLINE } from '../src/status/status.ts';
import {
  type ContainerState,
  cluster,
  conditions,
  emptyCluster,
  pod,
  RUNNING,
  terminated,
  waiting,
} from './support/objects.ts';

function troublesOf(given: KubernetesObject) {
  return assess(given, emptyCluster).troubles;
}

const notFound =
  'failed to pull and unpack image "shop/api:1": failed to resolve reference "shop/api:1": shop/api:1: not found';
const denied =
  'failed to pull image "shop/api:1": unexpected status from HEAD request to https://r/v2: 403 Forbidden';

const dataVolume = {
  containerSpec: { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
  spec: { volumes: [{ name: 'data', image: { reference: 'shop/api:1-data' } }] },
};

describe('an image that cannot be pulled', () => {
  it.each<[string, string, string]>([
    ["is the container's", notFound, 'image "shop/api:1" of container "main" of pod "api" does not exist'],
    [
      "is the volume's, whose name begins as the other does",
      notFound.replaceAll('shop/api:1', 'shop/api:1-data'),
      'image "shop/api:1-data" of volume "data" of container "main" of pod "api" does not exist',
    ],
  ])('%s', (_name, message, expected) => {
    const given = pod('api', { container: waiting('ErrImagePull', message), ...dataVolume });
    expect(troublesOf(given).map(trouble => trouble.message.replace(/ \(.*/, ''))).toEqual([expected]);
  });
});

describe('a container', () => {
  it.each<[string, ContainerState, string, number]>([
    [
      'whose image name is not valid',
      waiting('InvalidImageName', 'couldn\'t parse image name "A:B:C"'),
      'InvalidImageName',
      0,
    ],
    [
      'whose image is not on the node and may not be pulled',
      waiting('ErrImageNeverPull'),
      'ErrImageNeverPull',
      0,
    ],
    ['whose image does not exist', waiting('ErrImagePull', notFound), 'ErrImagePull', 5_000],
    [
      'whose image does not exist, backing off',
      waiting('ImagePullBackOff', `Back-off pulling image "shop/api:1": ErrImagePull: ${notFound}`),
      'ImagePullBackOff',
      5_000,
    ],
    ['whose image may not be pulled', waiting('ErrImagePull', denied), 'ErrImagePull', 15_000],
    [
      'whose registry does not answer',
      waiting('ErrImagePull', 'dial tcp 10.0.0.1:443: i/o timeout'),
      'ErrImagePull',
      70_000,
    ],
    [
      'that backs off and does not say why',
      waiting('ImagePullBackOff', 'Back-off pulling image "shop/api:1"'),
      'ImagePullBackOff',
      70_000,
    ],
    [
      'that lacks a key of a ConfigMap',
      waiting('CreateContainerConfigError', "couldn't find key url in ConfigMap shop/api"),
      'CreateContainerConfigError',
      0,
    ],
    [
      'that lacks a ConfigMap',
      waiting('CreateContainerConfigError', 'configmap "api" not found'),
      'CreateContainerConfigError',
      10_000,
    ],
    [
      'that lacks a Secret',
      waiting('CreateContainerConfigError', 'secret "api" not found'),
      'CreateContainerConfigError',
      60_000,
    ],
    [
      'that must not run as root',
      waiting('CreateContainerConfigError', 'container has runAsNonRoot and image will run as root'),
      'CreateContainerConfigError',
      0,
    ],
    [
      'whose configuration the kubelet cannot read yet',
      waiting('CreateContainerConfigError', 'failed to sync configmap cache: timed out'),
      'CreateContainerConfigError',
      20_000,
    ],
    [
      'whose command is not in the image',
      waiting('RunContainerError', 'exec: "serve": executable file not found in $PATH'),
      'RunContainerError',
      0,
    ],
    [
      'that crashed twice',
      { ...waiting('CrashLoopBackOff'), restartCount: 1, lastState: terminated(3) },
      'CrashLoopBackOff',
      0,
    ],
    [
      'that ran out of memory twice',
      {
        ...waiting('CrashLoopBackOff'),
        restartCount: 1,
        lastState: terminated(137, { reason: 'OOMKilled' }),
      },
      'OOMKilled',
      0,
    ],
    [
      'that ended twice without an error',
      { ...waiting('CrashLoopBackOff'), restartCount: 1, lastState: terminated(0, { reason: 'Completed' }) },
      'CrashLoopBackOff',
      0,
    ],
    [
      'whose two ends are both on record',
      {
        restartCount: 1,
        state: terminated(1),
        lastState: terminated(1, { finishedAt: '2026-11-20T09:59:00Z' }),
      },
      'CrashLoopBackOff',
      0,
    ],
    [
      'whose ends are far apart',
      {
        restartCount: 1,
        state: terminated(1),
        lastState: terminated(1, { finishedAt: '2026-11-20T09:00:00Z' }),
      },
      'Error',
      ONLY_AT_DEADLINE,
    ],
    ['that crashed once', { restartCount: 0, state: terminated(1) }, 'Error', ONLY_AT_DEADLINE],
    [
      'whose command never started',
      {
        ...waiting('CrashLoopBackOff'),
        restartCount: 2,
        lastState: terminated(128, {
          reason: 'StartError',
          message: 'exec: "serve": executable file not found in $PATH',
        }),
      },
      'CrashLoopBackOff',
      0,
    ],
  ])('%s', (_, container, reason, certainAfter) => {
    expect(troublesOf(pod('a', { container }))).toMatchObject([{ reason, certainAfter }]);
  });

  it.each<[string, ContainerState]>([
    ['that runs', RUNNING],
    ['that is being made', waiting('ContainerCreating')],
    ['that runs again after a crash', { ...RUNNING, restartCount: 1, lastState: terminated(1) }],
  ])('%s is not a trouble', (_, container) => {
    expect(troublesOf(pod('a', { container }))).toEqual([]);
  });

  it('is named, with the way it ended and a remedy, in one sentence', () => {
    const container = { ...waiting('CrashLoopBackOff'), restartCount: 4, lastState: terminated(137) };
    expect(troublesOf(pod('a', { container }))[0]).toMatchObject({
      message:
        'container "main" of pod "a" is crash-looping (exit code 137: SIGKILL, killed from outside; 4 restarts)',
      remedy: 'see its last log lines',
    });
  });

  it('has until its probe gives up to become ready, and two minutes at least', () => {
    const container = { ready: false, started: true, restartCount: 0, state: { running: {} } };
    const patient = {
      httpGet: { port: 8080, path: '/healthz' },
      initialDelaySeconds: 60,
      periodSeconds: 10,
      failureThreshold: 12,
    };
    const windowOf = (readinessProbe: object) =>
      troublesOf(pod('a', { container, containerSpec: { readinessProbe } as never }))[0];
    expect(windowOf(patient)).toMatchObject({
      reason: 'Unready',
      certainAfter: 181_000,
      message: expect.stringContaining('(GET :8080/healthz)'),
    });
    expect(windowOf({ tcpSocket: { port: 'http' } })).toMatchObject({ certainAfter: 120_000 });
  });

  it('is not measured by its readiness probe before its startup probe passed', () => {
    const container = { ready: false, started: false, state: { running: {} } };
    const containerSpec = { readinessProbe: {}, startupProbe: {} };
    expect(troublesOf(pod('a', { container, containerSpec }))).toEqual([]);
  });
});

describe('an init container', () => {
  it('that exited with code 0 is not a trouble', () => {
    expect(troublesOf(pod('a', { init: { ready: true, state: terminated(0) } }))).toEqual([]);
  });

  it('that fails again and again is', () => {
    const init = { ...waiting('CrashLoopBackOff'), restartCount: 1, lastState: terminated(1) };
    expect(troublesOf(pod('a', { init, container: waiting('PodInitializing') }))).toMatchObject([
      {
        certainAfter: 0,
        message: expect.stringMatching(/^init container "prepare" of pod "a" is crash-looping/),
      },
    ]);
  });
});

describe('a pod', () => {
  const pending = { phase: 'Pending', containerStatuses: [] };
  const unscheduled = (message: string) =>
    pod('a', {
      status: { ...pending, conditions: conditions({ PodScheduled: `False Unschedulable: ${message}` }) },
    });

  it.each([
    ['0/3 nodes are available: 3 Insufficient cpu.', 240_000],
    ['0/3 nodes are available: persistentvolumeclaim "data" not found.', 30_000],
  ])('that finds no node (%s)', (message, certainAfter) => {
    expect(troublesOf(unscheduled(message))).toMatchObject([{ reason: 'Unschedulable', certainAfter }]);
  });

  it('that waits on purpose (scheduling gates) is not a trouble', () => {
    const gated = pod('a', {
      status: { ...pending, conditions: conditions({ PodScheduled: 'False SchedulingGated' }) },
    });
    expect(troublesOf(gated)).toEqual([]);
  });

  it('whose volume names a missing key fails at once, by its events', () => {
    const message =
      'MountVolume.SetUp failed for volume "config": references non-existent config key: app.yaml';
    const view = cluster([], { a: [{ reason: 'FailedMount', message }] });
    const waits = pod('a', { container: waiting('ContainerCreating') });
    expect(assess(waits, view).troubles).toMatchObject([{ reason: 'FailedMount', certainAfter: 0 }]);
    expect(assess(pod('a'), view).troubles).toEqual([]);
  });

  it.each([
    [
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox "a": failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?)',
      0,
    ],
    [
      'Failed to create pod sandbox: rpc error: code = Unknown desc = pod set memory limit 1048576 too low; should be at least 12582912',
      0,
    ],
    ['Failed to create pod sandbox: plugin type="calico" failed (add): connection refused', 20_000],
  ])('whose sandbox cannot be created fails by its event: %s', (message, certainAfter) => {
    const view = cluster([], { a: [{ reason: 'FailedCreatePodSandBox', message }] });
    const waits = pod('a', { container: waiting('ContainerCreating') });
    expect(assess(waits, view).troubles).toMatchObject([{ reason: 'FailedCreatePodSandBox', certainAfter }]);
    expect(assess(pod('a'), view).troubles).toEqual([]);
  });

  it('whose container is killed for its memory limit before it runs fails at once', () => {
    const message = 'runc create failed: container init was OOM-killed (memory limit too low?)';
    const waits = pod('a', { container: waiting('RunContainerError', message) });
    expect(troublesOf(waits)).toMatchObject([{ certainAfter: 0, remedy: 'raise its memory limit' }]);
  });

  it('without a controller fails when it failed', () => {
    const failed = pod('a', {
      spec: { restartPolicy: 'Never' },
      container: { state: terminated(2) },
      status: { phase: 'Failed' },
    });
    expect(troublesOf(failed)).toMatchObject([
      { certainAfter: 0, message: expect.stringContaining('exit code 2') },
    ]);
  });

  it('that has done its work is ready', () => {
    const done = pod('a', {
      spec: { restartPolicy: 'Never' },
      container: { state: terminated(0) },
      status: { phase: 'Succeeded' },
    });
    expect(assess(done, emptyCluster)).toMatchObject({ state: 'ready', troubles: [] });
  });

  it('that is evicted is not a trouble: its controller creates another', () => {
    const evicted = pod('a', {
      container: { ...waiting('CrashLoopBackOff'), restartCount: 3, lastState: terminated(1) },
      status: { conditions: conditions({ DisruptionTarget: 'True PreemptionByScheduler' }) },
    });
    expect(troublesOf(evicted)).toEqual([]);
  });
});
