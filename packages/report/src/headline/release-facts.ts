import { count, excerpt, formatDuration, type RecordedObject, type Release } from '@slipway/core';
import { describeBriefly } from '@slipway/kubernetes';
import { code } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { link } from '../markdown/link.ts';
import { releaseName, type Version } from './versions.ts';

/** Digits of a commit that tell it from others for a person. */
const SHOWN_DIGITS = 12;
/** Objects that are named; the record has them all. */
const MAX_NAMED = 8;
/** Letters of an address that is shown. */
const MAX_ADDRESS = 200;

/** What is known of a release beside its record. */
export interface Surroundings {
  /** For a rollback the release that it undoes, for others the newest before that succeeded; absent if there is none, or it cannot be read. */
  readonly before?: Version | undefined;
  /** When it was verified. */
  readonly verified?: { readonly started: string; readonly finished: string } | undefined;
  /** The run that writes the page, by which addresses are judged. */
  readonly run?: RunAddress | undefined;
}

export interface RunAddress {
  readonly serverUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  /** The commit that the run is of. */
  readonly sha: string;
}

/** What changed, by whom, why, how long it took, and where to read on: a line for each. */
export function releaseFacts(release: Release, { before, verified, run }: Surroundings): string {
  const lines = [
    versionLine(release, before),
    changeLine(release),
    `${whoAndWhy(release)}${times(release, verified)}`,
    ...addresses(release, run),
  ];
  return lines.map(line => `- ${line}\n`).join('');
}

/** The headline has the deployment tag already. */
function versionLine(
  { number, namespace, rollbackOf, restores }: Release,
  before: Version | undefined,
): string {
  const release = `Release ${number} in namespace ${code(namespace)}`;
  if (restores !== undefined)
    return `${release}: from release ${rollbackOf ?? 'before'} to release ${restores}`;
  return before === undefined ? release : `${release}; before it, ${releaseName(before)} succeeded`;
}

/** What was written, and what left the formation: the plan has each of them with its fields. */
export function changeLine(release: Pick<Release, 'objects' | 'pending'>): string {
  const { objects } = release;
  const written = objects.filter(object => object.written);
  const names = written.slice(0, MAX_NAMED).map(nameOf);
  const more = written.length > names.length ? `, and ${written.length - names.length} more` : '';
  const listed = names.length === 0 ? '' : `: ${names.join(', ')}${more}`;
  const leaving = leavingObjects(release).length;
  const left = leaving === 0 ? '' : `; ${count(leaving, 'object')} left the formation`;
  return `${written.length} of ${count(objects.length, 'object')} written${listed}${left}`;
}

/** Without older versions of objects that are named by their content: in the manifests these are still there. */
function leavingObjects({ objects, pending = [] }: Pick<Release, 'objects' | 'pending'>): RecordedObject[] {
  const staying = new Set(objects.map(givenKey));
  return pending.filter(object => object.given === undefined || !staying.has(givenKey(object)));
}

function givenKey({ apiVersion, kind, namespace, given }: RecordedObject): string {
  return JSON.stringify([apiVersion, kind, namespace, given]);
}

function nameOf({ apiVersion, kind, name, given = name }: RecordedObject): string {
  return code(describeBriefly({ apiVersion, kind, name: given }));
}

/** `Deployed by ada: push of main`. */
export function whoAndWhy({
  actor,
  reason,
  restores,
}: Pick<Release, 'actor' | 'reason' | 'restores'>): string {
  const by = actor === undefined ? '' : ` by ${escapeMarkdown(actor)}`;
  // What deploy records for a rollback without a reason would say the same again.
  const isSaid = reason === '' || reason === `rolled back by ${actor}`;
  const why = isSaid ? '' : `: ${escapeMarkdown(reason)}`;
  return `${restores === undefined ? 'Deployed' : 'Rolled back'}${by}${why}`;
}

function times({ created, applied }: Release, verified: Surroundings['verified']): string {
  const all = [
    ...(applied === undefined ? [] : [`written in ${between(created, applied)}`]),
    ...(verified === undefined ? [] : [`verified in ${between(verified.started, verified.finished)}`]),
  ];
  return all.length === 0 ? '' : ` (${all.join(', ')})`;
}

export function between(start: string, end: string): string {
  return formatDuration(Math.max(0, Date.parse(end) - Date.parse(start)));
}

/** The record is data of the cluster: its run is a link only on the server of this run, and its commit only if this run is of it. */
function addresses(
  { run, configRevision }: Pick<Release, 'run' | 'configRevision'>,
  own: RunAddress | undefined,
): string[] {
  const commit = configRevision === undefined ? [] : [`commit ${commitName(configRevision, own)}`];
  const all = [...(run === undefined ? [] : [runName(run, own)]), ...commit];
  return all.length === 0 ? [] : [capital(all.join(', '))];
}

function runName(run: string, own: RunAddress | undefined): string {
  const isOwn = own !== undefined && run.startsWith(`${own.serverUrl}/`);
  return isOwn ? link('Run of deploy', run) : `run of deploy: ${code(excerpt(run, MAX_ADDRESS))}`;
}

function commitName(revision: string, own: RunAddress | undefined): string {
  const name = code(revision.slice(0, SHOWN_DIGITS));
  return own === undefined || own.sha !== revision || own.repository === ''
    ? name
    : link(name, `${own.serverUrl}/${own.repository}/commit/${revision}`);
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
