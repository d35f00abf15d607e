import type { ClusterClient } from '@slipway/cluster';
import { isJsonObject, quote } from '@slipway/core';
import { type KubernetesObject, SPAWNED_FROM, SPAWNED_REPOSITORY } from '@slipway/kubernetes';
import { type Room, type RoomTerms, roomBinding, roomNamespace } from '@slipway/release';
import type { Spawned } from '@slipway/render';
import { KEEPER_NEEDED } from '../spawned/keeper-needed.ts';
import { mustBeRefused } from '../spawned/must-be-refused.ts';

type Client = Pick<ClusterClient, 'create' | 'update'>;

const DRY = { fieldManager: 'slipway-room', dryRun: true };

/**
 * Proves that the room keeper is fenced in, before it makes anything: what an admission policy must refuse is asked for by dry runs, and
 * each has to be refused by one. Without a namespace of an instance the removal of a mark is asked of one that would be created.
 * @throws SlipwayError `fence-missing` if one would be done, `fence-unknown` for any other answer
 */
export async function proveFence(client: Client, terms: RoomTerms, block: Spawned['block']): Promise<void> {
  const own = roomNamespace(terms);
  const foreign = foreignName(terms.namespace);
  const named = { ...own, metadata: { ...own.metadata, name: foreign } };
  const elsewhere = roomBinding('default', block);
  await refused(`create the namespace ${quote(foreign)}`, () => client.create(named, DRY));
  await refused(`create the namespace ${quote(terms.namespace)} without its marks`, () =>
    client.create(without(own), DRY),
  );
  await refused('give the namespace "default" to the tenant', () => client.create(elsewhere, DRY));
}

/**
 * Proves on the namespace of an instance that its marks cannot be removed.
 * @throws SlipwayError as `proveFence`
 */
export async function proveMarks(client: Client, { object }: Room): Promise<void> {
  const { resourceVersion: _, managedFields: _fields, ...metadata } = object.metadata;
  const live = { ...object, metadata };
  const name = quote(object.metadata.name);
  await refused(`remove the marks of the namespace ${name}`, () => client.update(without(live), DRY));
}

/** A name that begins otherwise than those of instances, whatever the fence takes for their beginning. */
function foreignName(namespace: string): string {
  return `${namespace.startsWith('n') ? 'foreign' : 'not'}-${namespace}`.slice(0, 63).replace(/-+$/, '');
}

function without(namespace: KubernetesObject): KubernetesObject {
  const { labels, annotations } = namespace.metadata;
  const metadata = {
    ...namespace.metadata,
    labels: dropped(labels, SPAWNED_FROM),
    annotations: dropped(annotations, SPAWNED_REPOSITORY),
  };
  return { ...namespace, metadata } as KubernetesObject;
}

function dropped(map: unknown, key: string): object {
  const entries = isJsonObject(map as never) ? Object.entries(map as object) : [];
  return Object.fromEntries(entries.filter(([name]) => name !== key));
}

async function refused(what: string, ask: () => Promise<unknown>): Promise<void> {
  await mustBeRefused(what, ask, {
    missing:
      'apply examples/roles/spawner.yaml with the values of this formation, and with the user name of this login as its keeper',
    unknown: 'correct what it says, and run the job again; nothing was made',
    forbidden: KEEPER_NEEDED,
  });
}
