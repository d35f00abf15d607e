import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type SpawnFor, spawnFor } from '@slipway/action-kit';
import {
  type Destination,
  defined,
  type Formation,
  isName,
  parseApplication,
  parseFormation,
  quote,
  SlipwayError,
  type SpawnBlock,
  throwIfAny,
} from '@slipway/core';
import type { Runner } from '@slipway/github';
import { disagreements } from '@slipway/release';
import { decodeText, parseDocument } from '@slipway/yaml';
import type { VerifyErrorCode } from '../error-codes.ts';
import type { Inputs } from '../inputs.ts';

/** Where the release was deployed to, as far as the inputs and the checkout tell; what is empty the cluster has to tell. */
export interface Identity {
  readonly application: string;
  readonly formation: string;
  readonly destination: string;
  readonly namespace: string;
  readonly context: string;
  /** The API server that the formation names. */
  readonly server?: string;
  /** Destinations of the formation whose wave is not after this one; absent without waves. */
  readonly deployedBefore?: readonly string[];
  /** GitHub's environment of the destination. */
  readonly environment?: string;
  /** The formation that it is an instance of, and its key. */
  readonly spawned?: {
    readonly from: string;
    readonly key: string;
    readonly block: Pick<SpawnBlock, 'form'>;
  };
}

const DEFAULT_FILE = 'slipway.yaml';

/**
 * The application's files where there is a checkout, and the inputs for what they do not say.
 * @throws SlipwayError for a file that is named and not there, an unknown formation or destination without its namespace, files that are not in order, and inputs that say
 *   otherwise than they do
 */
export async function findIdentity(
  inputs: Inputs,
  { workspace, context: run }: Pick<Runner, 'workspace' | 'context'>,
): Promise<Identity> {
  const what = spawnFor(inputs.spawn, run);
  if (what !== undefined) return await findInstance(inputs, workspace, what);
  const { formation, namespace, context } = inputs;
  if (isName(inputs.application)) return { ...inputs, formation, namespace, context };
  const path = inputs.application || DEFAULT_FILE;
  const application = await readApplicationName(resolve(workspace, path), path);
  if (application === undefined && inputs.application !== '')
    throw problem(
      `there is no file ${quote(path)}`,
      'check the path in "application", or give the name itself',
    );
  const found = await readDestination(inputs, workspace, dirname(path));
  if (found === 'not declared') return await findRemoved(inputs, workspace);
  const [name, destination, waves] = found;
  if (destination !== undefined) throwIfAny(disagreements(inputs, `${formation}/${name}`, destination));
  return {
    application: application ?? '',
    formation,
    destination: name,
    namespace: namespace || (destination?.namespace ?? ''),
    context: context || (destination?.context ?? ''),
    ...defined({ server: destination?.cluster?.server, environment: destination?.environment }),
    ...defined({ deployedBefore: deployedBefore(waves, name) }),
  };
}

async function readApplicationName(path: string, shown: string): Promise<string | undefined> {
  const document = await readDocument(path, shown);
  return document && parseApplication(document).metadata.name;
}

/** The destination that is named, or the formation's only one. */
async function readDestination(
  { formation, destination }: Inputs,
  workspace: string,
  folder: string,
): Promise<readonly [string, Destination | undefined, Waves] | 'not declared'> {
  if (!isName(formation)) return [destination, undefined, []];
  const path = join(folder, 'formations', `${formation}.yaml`);
  const document = await readDocument(resolve(workspace, path), path);
  if (document === undefined) return 'not declared';
  const { destinations, waves = [] }: Formation['spec'] = parseFormation(document).spec;
  const names = Object.keys(destinations);
  const [only] = names;
  const name = destination === '' && names.length === 1 && only !== undefined ? only : destination;
  if (name === '') return ['', undefined, []];
  return Object.hasOwn(destinations, name) ? [name, destinations[name], waves] : 'not declared';
}

type Waves = readonly (readonly string[])[];

/** Which destinations may have the same snapshot already: those of the waves before, and the others of its own. */
function deployedBefore(waves: Waves, name: string): readonly string[] | undefined {
  const own = waves.findIndex(wave => wave.includes(name));
  const others = waves
    .slice(0, own + 1)
    .flat()
    .filter(other => other !== name);
  return others.length === 0 ? undefined : others;
}

/** The instance for a pull request or a branch, as deploy finds it. */
async function findInstance(inputs: Inputs, workspace: string, what: SpawnFor): Promise<Identity> {
  const { findFormation, spawnedOf } = await import('@slipway/delivery');
  const { application, formation, destination, namespace, context } = inputs;
  const choice = {
    ...{ application, formation, namespace, context },
    destinations: destination === '' ? [] : [destination],
    spawn: { what },
  };
  const run = { repository: '', actor: '', url: '' };
  const found = await findFormation(choice, { workspace, run });
  const { identity, checkout } = found;
  return {
    ...identity,
    destination: identity.destination ?? '',
    context: context || (checkout?.destination.context ?? ''),
    ...defined({
      server: checkout?.destination.cluster?.server,
      environment: checkout?.destination.environment,
      spawned: spawnedOf(found),
    }),
  };
}

/**
 * What was released and then taken out of the checkout, as deploy finds it to roll it back.
 * @throws SlipwayError `destination-unclear` without its namespace
 */
async function findRemoved(inputs: Inputs, workspace: string): Promise<Identity> {
  const { findReleased } = await import('@slipway/delivery');
  const { spawn: _, destination, ...named } = inputs;
  const choice = { ...named, destinations: destination === '' ? [] : [destination] };
  const run = { repository: '', actor: '', url: '' };
  const { identity } = await findReleased(choice, { workspace, run });
  const { application, formation, namespace } = identity;
  return { application, formation, destination, namespace, context: inputs.context };
}

async function readDocument(path: string, shown: string) {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes === undefined ? undefined : parseDocument(decodeText(bytes, shown), shown);
}

function problem(message: string, remedy: string): SlipwayError<VerifyErrorCode> {
  return new SlipwayError({ code: 'place-unknown', message, remedy });
}
