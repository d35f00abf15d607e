import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Application, parseSnapshot, quote, SlipwayError, type Snapshot } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { RenderStencilErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';

/** The snapshot that the inputs name, or undefined where they name none. */
export async function readSnapshotOf(
  inputs: Inputs,
  application: Application,
  runner: Runner,
): Promise<Snapshot | undefined> {
  if (inputs.snapshot === undefined) return undefined;
  return 'path' in inputs.snapshot
    ? await readFromFile(inputs.snapshot.path, runner.workspace)
    : await readFromRegistry(inputs.snapshot.deploymentTag, inputs, application, runner);
}

async function readFromFile(path: string, workspace: string): Promise<Snapshot> {
  try {
    return parseSnapshot(await readFile(resolve(workspace, path), 'utf8'), path);
  } catch (cause) {
    if (cause instanceof SlipwayError) throw cause;
    throw new SlipwayError<RenderStencilErrorCode>(
      {
        code: 'snapshot-missing',
        message: `the snapshot ${quote(path)} cannot be read`,
        remedy: 'run build-retag before, or give a deployment tag',
      },
      { cause },
    );
  }
}

/** Loaded only here: a snapshot in a file needs no registry. */
async function readFromRegistry(
  deploymentTag: string,
  inputs: Inputs,
  { metadata, spec }: Application,
  { environment, logger, signal, exec }: Runner,
): Promise<Snapshot> {
  const { openRegistryClient, readSnapshot } = await import('@slipway/registry');
  const { plainHttpRegistries, recordKeys } = inputs;
  const client = await openRegistryClient({
    environment,
    exec,
    logger,
    signal,
    plainHttpRegistries,
    recordKeys,
  });
  const home = { application: metadata.name, registry: inputs.registry ?? spec.registry };
  return await readSnapshot(client, home, deploymentTag);
}
