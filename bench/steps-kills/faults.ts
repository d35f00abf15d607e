import type { ClusterClient } from '@slipway/cluster';
import type { Release } from '@slipway/core';
import { objectKey } from '@slipway/kubernetes';
import { listReleases, prepareRelease, readRelease } from '@slipway/release';
import type { End } from './converge.ts';
import { newestRecord, ownerIn, requestOf, type Site } from './runs.ts';
import { imageOf, type Seen, seeNamespace, stableOf, writtenOf, wrongConfigs } from './seen.ts';

/** What is to be so whenever a run has been killed, before anyone looks again. */
export async function faultsAfterKill(
  client: ClusterClient,
  namespace: string,
  before: Seen,
): Promise<string[]> {
  const [now, newest] = [await seeNamespace(client, namespace), await newestRecord(client, namespace)];
  const isCommitting = typeof newest.steps?.times['commit-began'] === 'string';
  return [
    ...(await unrecorded(client, now, newest)),
    ...wrongConfigs(now),
    ...changesOfStable(before, now, isCommitting),
    ...(newest.verdict === undefined ? [] : now.copies.map(name => `${name} outlives its release`)),
  ];
}

/** Members that no record names, so that no one would ever remove them. */
async function unrecorded(client: ClusterClient, { members }: Seen, newest: Release): Promise<string[]> {
  const stable = newest.steps?.stable.release;
  const records = [newest, ...(stable === undefined ? [] : [await readRelease(client, newest, stable)])];
  const known = new Set(
    records.flatMap(({ objects, pending = [] }) => [...objects, ...pending]).map(entry => objectKey(entry)),
  );
  return [...members]
    .filter(([key, { kind }]) => kind !== 'Job' && !known.has(key))
    .map(([key]) => `${key} is in no record`);
}

function changesOfStable(before: Seen, now: Seen, isCommitting: boolean): string[] {
  const found = new Map(stableOf(now).map(stable => [stable.name, stable]));
  return stableOf(before).flatMap(({ name, uid, generation }) => {
    const live = found.get(name);
    if (live?.uid !== uid) return [`Deployment ${name} is another one`];
    return isCommitting || live.generation === generation
      ? []
      : [`Deployment ${name} was written before the commit`];
  });
}

/** What is to be so once the release is closed. */
export async function faultsAtEnd(
  client: ClusterClient,
  site: Site,
  before: Seen & { readonly version: number },
  { verdict, decisions, version }: End & { readonly version: number },
): Promise<string[]> {
  const { namespace } = site;
  const [now, newest] = [await seeNamespace(client, namespace), await newestRecord(client, namespace)];
  const releases = await listReleases(client, ownerIn(namespace));
  const isCommitted = typeof newest.steps?.times['commit-began'] === 'string';
  const decided = (newest.steps?.decisions ?? []).map(({ what }) => what);
  return [
    ...(newest.verdict === verdict ? [] : [`the verdict is ${newest.verdict}, not ${verdict}`]),
    ...(newest.steps?.phase === undefined ? [] : [`the closed release is ${newest.steps.phase}`]),
    ...(String(decided) === String(decisions) ? [] : [`decided was ${decided}, not ${decisions}`]),
    ...releases.filter(one => one.verdict === undefined).map(({ number }) => `release ${number} is open`),
    ...now.copies.map(name => `${name} is left`),
    ...now.leases.filter(name => !name.endsWith('.status')).map(name => `the Lease ${name} is left`),
    ...wrongConfigs(now),
    ...changesOfStable(before, now, isCommitted),
    ...(await unrecorded(client, now, newest)),
    ...wrongVersions(now, version),
    ...(version === before.version
      ? unlike(before, now)
      : [...(await unlikeManifests(client, site, version)), ...untrueEntries(now, newest)]),
  ];
}

function wrongVersions({ members }: Seen, version: number): string[] {
  const deployments = [...members.values()].filter(({ kind }) => kind === 'Deployment');
  return deployments
    .filter(object => !imageOf(object).endsWith(`:${version}`))
    .map(object => `${object.metadata.name} has ${imageOf(object)} instead of version ${version}`);
}

/** An undone release leaves what was there before, to the letter. */
function unlike(before: Seen, now: Seen): string[] {
  const [was, is] = [writtenOf(before), writtenOf(now)];
  const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...keys].flatMap(key => {
    if (was[key] === is[key]) return [];
    if (was[key] === undefined) return [`${key} was not there before`];
    return is[key] === undefined
      ? [`${key} is gone`]
      : [`${key} is not as before: ${difference(was[key], is[key])}`];
  });
}

/** From where two texts differ. */
function difference(one: string, other: string): string {
  const at = [...one].findIndex((character, index) => character !== other[index]);
  const from = Math.max(0, at - 40);
  return `${one.slice(from, at + 40)} / ${other.slice(from, at + 40)}`;
}

/** A committed one leaves what its manifests say: a deploy of the same would have nothing to write. */
async function unlikeManifests(client: ClusterClient, site: Site, version: number): Promise<string[]> {
  const { objects, leaving, problems } = await prepareRelease({
    client,
    request: requestOf(site, version),
  });
  return [
    ...problems.map(({ message }) => `it could not be deployed again: ${message}`),
    ...objects
      .filter(({ action }) => action !== 'unchanged' && action !== 'skip')
      .map(({ object, action }) => `${object.kind} ${object.metadata.name} would be written: ${action}`),
    ...leaving
      .filter(one => !isKept(one))
      .map(({ kind, name }) => `${kind} ${name} has left the formation, and is there`),
  ];
}

/** Entries of the record that say something else than the cluster. */
function untrueEntries({ members }: Seen, { objects, pending = [] }: Release): string[] {
  return [
    ...objects.flatMap(entry => {
      const live = members.get(objectKey(entry));
      const isTrue = live?.metadata['uid'] === entry.uid && entry.toWrite !== true;
      return isTrue ? [] : [`the record is not right about ${objectKey(entry)}`];
    }),
    ...pending.filter(one => !isKept(one)).map(entry => `${objectKey(entry)} is yet to be removed`),
  ];
}

/** An earlier content stays as long as a kept release may be gone back to that has it. */
function isKept({ name }: { readonly name: string }): boolean {
  return name.startsWith('settings-');
}
