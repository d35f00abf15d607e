import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ReleaseSteps } from '@slipway/core';
import { readRelease } from '@slipway/release';
import type { StepResult } from '@slipway/testbed/runner';
import { workload } from '@slipway/testkit/objects';
import { deployObjects, recordOf, rewriteRecord, stepsState } from '@slipway/testkit/releases';
import { useBundle } from './bundle-on-testbed.ts';

const bundle = useBundle({ parts: ['cluster'], nodes: 2 });

/** Waits for a pause, with nothing beside stable. */
const WAITING = stepsState({ target: { sizes: {} }, times: { brought: '2026-11-30T12:00:00Z' } });
const { 'waiting-for': _, ...others } = stepsState();
const STEPS: ReleaseSteps = { ...others, phase: 'baking' };

it('a release in steps that waits gets no verdict, however healthy it is, and is a success only where it may wait', async () => {
  const namespace = await bundle.newNamespace();
  const release = await deployObjects(bundle.client, { namespace }, [workload('api')]);
  await rewriteRecord(bundle.client, release, { steps: WAITING });
  const step = await bundle.verify({ release: '1', namespace });
  expect(step.exitCode).toBe(1);
  expect(step.outputs).toMatchObject({
    ...{ verdict: 'open', error: 'release-open', phase: 'waiting' },
    ...{ step: '2', weight: '50', 'waiting-for': 'commit' },
  });
  const mayWait = await bundle.verify({ release: '1', namespace, 'may-wait': 'true' });
  expect([mayWait.exitCode, mayWait.outputs['verdict']]).toEqual([0, 'open']);
  const record = await recordOf(bundle.client, namespace, 1);
  expect(record.verdict).toBeUndefined();
  expect(record.steps?.terms).toEqual({ 'stable-for': '2s', timeout: '20s' });
});

it('a release that is in steps by then is rejected by the post step of a verification that was killed, and not closed', async () => {
  const namespace = await bundle.newNamespace();
  const release = await deployObjects(bundle.client, { namespace }, [workload('api', 'never-ready')]);
  const stop = new AbortController();
  const onLine = (line: string): void => {
    if (/Deployment .* \(0 of 1 settled\)/.test(line)) stop.abort('SIGKILL');
  };
  const killed = await bundle.verify({ release: '1', namespace }, undefined, { signal: stop.signal, onLine });
  await rewriteRecord(bundle.client, release, { steps: STEPS });
  const post = await bundle.verify({ release: '1', namespace }, undefined, { postOf: killed });
  expect(post.log).not.toContain('is closed');
  const record = await recordOf(bundle.client, namespace, 1);
  expect(record.verdict).toBeUndefined();
  expect(record.steps).toMatchObject({
    ...{ phase: 'undoing', undo: { by: 'decision', verdict: 'rolled-back' } },
    decisions: [{ what: 'reject', reason: 'the run was killed' }],
  });
});

describe('what a user reads of a release in steps', () => {
  const STAGING = { application: 'shop', formation: 'staging' };
  const errorsOf = ({ annotations }: StepResult): string =>
    annotations
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message)
      .join('\n');
  let namespace: string;
  const verify = (inputs: Readonly<Record<string, string>>): Promise<StepResult> =>
    bundle.verify({ ...STAGING, namespace, ...inputs });
  beforeAll(async () => {
    namespace = await bundle.newNamespace();
  });

  it('that there is nothing to do where none is open, and nothing to decide', async () => {
    await deployObjects(bundle.client, { namespace }, [workload('api')]);
    const looked = await verify({ release: 'open' });
    expect([looked.exitCode, errorsOf(looked)]).toEqual([0, '']);
    expect(looked.log).toContain('No release of shop/staging in steps is open: there is nothing to do');
    const decided = await verify({ release: 'open', decision: 'reject' });
    expect([decided.exitCode, decided.outputs['error']]).toEqual([1, 'decision-impossible']);
    expect(errorsOf(decided)).toContain('no release in steps is open, so that there is nothing to reject');
  });

  it('what a decision without a number is about, and which pauses there are for one with an unknown name', async () => {
    const release = await readRelease(bundle.client, { ...STAGING, namespace }, 1);
    await rewriteRecord(bundle.client, release, { steps: WAITING });
    const open = await verify({ release: 'open', decision: 'continue commit' });
    expect([open.exitCode, open.outputs['error']]).toEqual([1, 'decision-impossible']);
    expect(errorsOf(open)).toContain('release 1 is open and waits for commit');
    const unknown = await verify({ release: '1', decision: 'continue comit' });
    expect([unknown.exitCode, unknown.outputs['error']]).toEqual([1, 'decision-impossible']);
    expect(errorsOf(unknown)).toContain(
      '"comit" is not the name of a pause of the release, and it waits for commit',
    );
    expect(errorsOf(unknown)).toContain('its pauses are commit');
  });

  it('why nothing was done where it waits for something else, and that it can never wait for what is misspelt', async () => {
    const other = await verify({ release: '1', decision: 'reject', 'if-waiting-for': 'time' });
    expect([other.exitCode, errorsOf(other)]).toEqual([0, '']);
    expect(other.log).toContain('Release 1 waits for commit, and does not wait for time: nothing is done');
    const misspelt = await verify({ release: '1', decision: 'reject', 'if-waiting-for': 'comit' });
    expect([misspelt.exitCode, misspelt.outputs['error']]).toEqual([1, 'decision-impossible']);
    expect(errorsOf(misspelt)).toContain('it can never wait for "comit"');
    const record = await recordOf(bundle.client, namespace, 1);
    expect([record.verdict, record.steps?.phase, record.steps?.decisions]).toEqual([
      undefined,
      'waiting',
      undefined,
    ]);
  });

  it('what waits where the schedule looks at whatever is open', async () => {
    const looked = await verify({ release: 'open', 'may-wait': 'true' });
    expect([looked.exitCode, looked.outputs['verdict'], looked.outputs['waiting-for']]).toEqual([
      0,
      'open',
      'commit',
    ]);
    expect(looked.annotations).toMatchObject([
      { severity: 'notice', message: expect.stringContaining('it is not a success yet') },
    ]);
  });
});
