import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { requireLinux, requireRoot } from '../build/machine.ts';
import type { TestbedErrorCode } from '../error-codes.ts';
import { startBuildkit } from './buildkit.ts';
import { mirrorConfig } from './buildkit-mirrors.ts';
import { startCluster } from './cluster.ts';
import type { StartContext } from './context.ts';
import { createRunFolder, keepLogsOnly, runRoot, sweep } from './folders.ts';
import type { Surroundings, Testbed, TestbedOptions, TestbedPart, TestbedState } from './options.ts';
import { useCluster } from './own-cluster.ts';
import { ensurePrograms } from './programs.ts';
import { requireRealNode } from './real-node.ts';
import { startRegistry } from './registry.ts';
import { startSupervision } from './supervision.ts';
import { defaultSurroundings } from './surroundings.ts';
import { testbedOf } from './testbed.ts';

const DEFAULT_NODES = 3;
/**
 * Only ends a hang: a part that cannot start ends, which is noticed at once, and how long one takes that can depends on the machine.
 */
const START_MILLISECONDS = 30 * 60_000;

/** Builds what is missing and starts the wanted parts; they are ready when this returns. */
export async function startTestbed(
  options: TestbedOptions,
  surroundings: Surroundings = defaultSurroundings(options.log),
): Promise<Testbed> {
  requireLinux();
  if (options.parts.includes('buildkit') && !options.use?.docker) requireRoot('buildkit');
  if (options.parts.includes('node')) await requireRealNode(options, surroundings.environment);
  const { environment, now } = surroundings;
  const programs = await ensurePrograms(options, surroundings);
  const root = await runRoot(environment);
  await sweep(root, now);
  const folder = await createRunFolder(root, options.name);
  const supervision = await startSupervision(folder, environment);
  const deadline = AbortSignal.timeout(START_MILLISECONDS);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  try {
    const state = await startParts(options, { folder, ...programs, supervision, environment, now, signal });
    await writeFile(join(folder, 'state.json'), JSON.stringify(state), { mode: 0o600 });
    supervision.letGo();
    return testbedOf(folder, state, supervision, now);
  } catch (error) {
    const failure = startError(error, folder, options.signal);
    const logsMatter = !(failure instanceof SlipwayError) || failure.code === 'testbed-start';
    await supervision.stop(logsMatter);
    if (logsMatter) await keepLogsOnly(folder);
    throw failure;
  }
}

async function startParts(options: TestbedOptions, context: StartContext): Promise<TestbedState> {
  const wants = (part: TestbedPart) => options.parts.includes(part);
  const starting = wants('registry') && startRegistry(options.registryAuth ?? 'none', context);
  const { mirrored = [] } = options;
  const [cluster, registry, buildkit] = await Promise.all([
    wants('cluster') && startOrUseCluster(options, context),
    starting,
    wants('buildkit') &&
      startBuildkit(
        context,
        mirrored.length === 0 ? '' : mirrorConfig(mirrored, (await starting) || undefined),
      ),
  ]);
  return { ...(cluster && { cluster }), ...(registry && { registry }), ...(buildkit && { buildkit }) };
}

async function startOrUseCluster(
  { parts, use, nodes, apiServerArgs }: TestbedOptions,
  context: StartContext,
) {
  if (use?.kubeconfig !== undefined) return await useCluster(use.kubeconfig, context);
  const real = parts.includes('node');
  const fake = { count: nodes ?? DEFAULT_NODES, tainted: real };
  return await startCluster({ fake, real }, apiServerArgs ?? [], context);
}

function startError(error: unknown, folder: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) {
    return new SlipwayError<TestbedErrorCode>(
      { code: 'testbed-cancelled', message: 'the testbed was told to stop before it was ready' },
      { cause: error },
    );
  }
  if (!(error instanceof Error && error.name === 'TimeoutError')) return error;
  return new SlipwayError<TestbedErrorCode>(
    {
      code: 'testbed-start',
      message: `the testbed was not ready after ${START_MILLISECONDS / 60_000} minutes`,
      remedy: `see the logs in ${join(folder, 'logs')}`,
    },
    { cause: error },
  );
}
