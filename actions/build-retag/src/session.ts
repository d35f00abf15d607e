import { arch } from 'node:os';
import { openRegistry } from '@slipway/action-kit';
import type { Clock } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { RegistryClient, SnapshotHome } from '@slipway/registry';
import { type ApplicationFile, readApplication } from './files/application.ts';
import type { Inputs } from './inputs.ts';

/** What every part of a run needs. */
export interface Session {
  readonly inputs: Inputs;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly file: ApplicationFile;
  readonly home: SnapshotHome;
  readonly client: RegistryClient;
  /** The processor of this machine, as Node calls it. */
  readonly architecture: string;
}

export async function openSession(inputs: Inputs, runner: Runner, clock: Clock): Promise<Session> {
  const file = await readApplication(runner.workspace, inputs.application);
  const { metadata, spec } = file.application;
  const home = { application: metadata.name, registry: inputs.registry ?? spec.registry };
  const client = await openRegistry(inputs, runner);
  return { inputs, runner, clock, file, home, client, architecture: arch() };
}
