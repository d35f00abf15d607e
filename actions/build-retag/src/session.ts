import { arch } from 'node:os';
import { openRegistry } from '@slipway/action-kit';
import { type Clock, defined } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { RegistryClient, SnapshotHome } from '@slipway/registry';
import { type ApplicationFile, readApplication } from './files/application.ts';
import { type Instance, readInstance } from './files/instance.ts';
import type { Inputs } from './inputs.ts';

/** What every part of a run needs. */
export interface Session {
  readonly inputs: Inputs;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly file: ApplicationFile;
  /** Where images, tags and the snapshot of this run go. */
  readonly home: SnapshotHome;
  /** Where those of the application are that passed, and its caches: the same, except for an instance, which only reads there. */
  readonly released: SnapshotHome;
  /** What images are built for, if that is not the application itself. */
  readonly instance?: Instance;
  readonly client: RegistryClient;
  /** The processor of this machine, as Node calls it. */
  readonly architecture: string;
}

export async function openSession(inputs: Inputs, runner: Runner, clock: Clock): Promise<Session> {
  const file = await readApplication(runner.workspace, inputs.application);
  const { metadata, spec } = file.application;
  const released = { application: metadata.name, registry: inputs.registry ?? spec.registry };
  // First of all, as a fork is refused before the logins of a registry are read.
  const instance = await readInstance(inputs, released.registry, runner);
  const home = { ...released, registry: instance?.registry ?? released.registry };
  const client = await openRegistry(inputs, runner);
  const found = { file, home, released, ...defined({ instance }) };
  return { inputs, runner, clock, client, ...found, architecture: arch() };
}
