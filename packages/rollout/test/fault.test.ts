import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { faultOf } from '../src/fault.ts';
import { assess } from '../src/status/assess.ts';
import { cluster, conditions, object, pod, terminated, waiting } from './support/objects.ts';

const REVISION = { 'deployment.kubernetes.io/revision': '1' };
const deployment = object(
  'apps/v1',
  'Deployment',
  'api',
  { generation: 1, annotations: REVISION },
  { status: { observedGeneration: 1 } },
);
const newest = object('apps/v1', 'ReplicaSet', 'api-1', { owner: deployment, annotations: REVISION });

/** The position of the first problem of the Deployment, or of another object. */
function pointerOf(others: readonly KubernetesObject[], subject = deployment): string {
  const [trouble] = assess(subject, cluster(others)).troubles;
  const { apiVersion, kind, metadata } = subject;
  const watched = { apiVersion, kind, name: metadata.name };
  return faultOf({
    object: watched,
    state: 'failed',
    message: '',
    ...(trouble === undefined ? {} : { trouble }),
  }).pointer;
}

describe('the position of a fault in the manifest', () => {
  it.each<[string, Parameters<typeof pod>[1], string]>([
    [
      "is a container's image",
      { container: waiting('InvalidImageName') },
      '/spec/template/spec/containers/0/image',
    ],
    [
      'is its command',
      { container: waiting('RunContainerError', 'executable file not found') },
      '/spec/template/spec/containers/0/command',
    ],
    [
      'is its environment',
      { container: waiting('CreateContainerConfigError') },
      '/spec/template/spec/containers/0/env',
    ],
    [
      'is its memory limit',
      {
        container: {
          ...waiting('CrashLoopBackOff'),
          restartCount: 1,
          lastState: terminated(137, { reason: 'OOMKilled' }),
        },
      },
      '/spec/template/spec/containers/0/resources',
    ],
    [
      'is the container that crashes',
      { container: { ...waiting('CrashLoopBackOff'), restartCount: 1, lastState: terminated(1) } },
      '/spec/template/spec/containers/0',
    ],
    [
      'is an init container',
      { init: { ...waiting('CrashLoopBackOff'), restartCount: 1, lastState: terminated(1) } },
      '/spec/template/spec/initContainers/0',
    ],
  ])('%s', (_, options, pointer) => {
    expect(pointerOf([newest, pod('a', { owner: newest, ...options })])).toBe(pointer);
  });

  it('is the whole object where no container is at fault', () => {
    const status = { conditions: conditions({ ReplicaFailure: 'True FailedCreate: exceeded quota' }) };
    expect(pointerOf([{ ...newest, status } as KubernetesObject])).toBe('');
  });

  it("is in a Pod's own specification", () => {
    expect(pointerOf([], pod('a', { container: waiting('InvalidImageName') }))).toBe(
      '/spec/containers/0/image',
    );
  });
});
