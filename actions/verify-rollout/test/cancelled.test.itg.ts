import { describe, expect, it } from '@jest/globals';
import { workload } from '@slipway/testkit/objects';
import { close, deployObjects, recordOf } from '@slipway/testkit/releases';
import { useBundle } from './bundle-on-testbed.ts';

const bundle = useBundle({ parts: ['cluster'], nodes: 2 });

/** A run that gets a signal as soon as a line of its log fits; `release` is that of the namespace that it verifies. */
async function interrupted(
  signal: 'SIGINT' | 'SIGKILL',
  when: RegExp,
  release: string,
  namespace: string,
  inputs: Readonly<Record<string, string>> = {},
) {
  const stop = new AbortController();
  const onLine = (line: string): void => {
    if (when.test(line)) stop.abort(signal);
  };
  return bundle.verify({ release, namespace, ...inputs }, undefined, { signal: stop.signal, onLine });
}

describe('a verification that is cut off', () => {
  it('closes the record itself where it is cancelled', async () => {
    const namespace = await bundle.newNamespace();
    await deployObjects(bundle.client, { namespace }, [workload('api', 'never-ready')]);
    const step = await interrupted('SIGINT', /Deployment .* \(0 of 1 settled\)/, '1', namespace);
    expect(step.exitCode).toBe(1);
    expect(step.annotations.find(({ severity }) => severity === 'error')?.message).toMatch(
      /^the run was cancelled/,
    );
    expect(step.log).toContain('Release 1 was not verified to the end, and is closed as timed-out');
    expect(await recordOf(bundle.client, namespace, 1)).toMatchObject({ verdict: 'timed-out' });
  });

  it('has it closed by its post step where it is killed, and can be made again', async () => {
    const namespace = await bundle.newNamespace();
    await deployObjects(bundle.client, { namespace }, [workload('api', 'slow')]);
    const killed = await interrupted('SIGKILL', /Deployment .* \(0 of 1 settled\)/, '1', namespace);
    expect((await recordOf(bundle.client, namespace, 1)).verdict).toBeUndefined();
    const post = await bundle.verify({ release: '1', namespace }, undefined, { postOf: killed });
    expect(post.log).toContain('Release 1 was not verified to the end, and is closed as timed-out');
    expect(await recordOf(bundle.client, namespace, 1)).toMatchObject({ verdict: 'timed-out' });
    const again = await bundle.verify({ release: '1', namespace });
    expect(again.outputs['verdict']).toBe('succeeded');
    expect(await recordOf(bundle.client, namespace, 1)).toMatchObject({ verdict: 'succeeded' });
  });

  it('closes the rollback that it had begun as well', async () => {
    const namespace = await bundle.newNamespace();
    await close(bundle.client, await deployObjects(bundle.client, { namespace }, [workload('api')]));
    await deployObjects(bundle.client, { namespace }, [workload('api', 'crash-loop')]);
    const inputs = { 'on-failure': 'rollback', 'stable-for': '30s' };
    const killed = await interrupted('SIGKILL', /Put back: Deployment/, '2', namespace, inputs);
    await bundle.verify({ release: '2', namespace }, undefined, { postOf: killed });
    expect(await recordOf(bundle.client, namespace, 2)).toMatchObject({ verdict: 'failed' });
    expect(await recordOf(bundle.client, namespace, 3)).toMatchObject({
      verdict: 'timed-out',
      rollbackOf: 2,
    });
  });

  it('leaves a release alone that another one has overtaken', async () => {
    const namespace = await bundle.newNamespace();
    await deployObjects(bundle.client, { namespace }, [workload('api', 'never-ready')]);
    const killed = await interrupted('SIGKILL', /Deployment .* \(0 of 1 settled\)/, '1', namespace);
    await deployObjects(bundle.client, { namespace }, [workload('api')]);
    const before = await recordOf(bundle.client, namespace, 1);
    await bundle.verify({ release: '1', namespace }, undefined, { postOf: killed });
    expect(await recordOf(bundle.client, namespace, 1)).toEqual(before);
  });

  it('has nothing left to do after one that came to its end', async () => {
    const namespace = await bundle.newNamespace();
    await deployObjects(bundle.client, { namespace }, [workload('api')]);
    const done = await bundle.verify({ release: '1', namespace });
    const post = await bundle.verify({ release: '1', namespace }, undefined, { postOf: done });
    expect([post.exitCode, post.raw]).toEqual([0, '']);
  });
});
