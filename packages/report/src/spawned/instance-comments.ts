import { count, type Snapshot } from '@slipway/core';
import { code, details, table } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';

/** An instance of a spawned formation, for the comment on its pull request. */
export interface ShownInstance {
  readonly application: string;
  /** The name of the instance. */
  readonly formation: string;
  readonly namespace: string;
  /** Where people open it. */
  readonly url?: string | undefined;
  readonly expires: Date;
  /** The verdict, and why, in a sentence. */
  readonly verdict: string;
  readonly summary: string;
  readonly snapshot?: Pick<Snapshot, 'images' | 'deploymentTag'> | undefined;
  /** What it reserves, such as `3 pods` and `500m CPU`. */
  readonly reserved: readonly string[];
  /** The page of the run; empty outside of CI. */
  readonly run: string;
}

/** What an instance is, where it can be opened, what of it was built, and when it ends. */
export function instanceComment(instance: ShownInstance): string {
  const { application, formation, namespace, url, verdict, summary, run } = instance;
  const isUp = verdict === 'succeeded';
  const where = url === undefined ? '' : `\n${isUp ? '' : 'It may not answer: '}${addressOf(url)}\n`;
  const page = run === '' ? '' : `, [by this run](${run})`;
  return `### ${escapeMarkdown(`${application}/${formation}`)}: ${isUp ? 'is up' : escapeMarkdown(verdict)}
${where}
${escapeMarkdown(summary)}${page}
${imagesOf(instance)}
It reserves ${instance.reserved.length === 0 ? 'nothing' : instance.reserved.map(escapeMarkdown).join(', ')} in the namespace ${code(namespace)} until ${timeOf(instance.expires)}.
${endingOf()}`;
}

/** The host in full and nothing else: an address is from the base branch, and is shown as one can read it. */
function addressOf(url: string): string {
  return /^https:\/\/[a-z0-9.-]+(?::\d+)?[\w./~-]*$/.test(url) ? `**<${url}>**` : code(url);
}

function imagesOf({ snapshot }: ShownInstance): string {
  if (snapshot === undefined) return '';
  const images = Object.entries(snapshot.images);
  const built = images.filter(([, { origin }]) => origin === 'built').map(([name]) => code(name));
  const taken = images.filter(([, { origin }]) => origin !== 'built').map(([name]) => code(name));
  const rows = images.map(([name, { origin, digest }]) => [
    code(name),
    origin === 'built' ? 'built' : 'taken',
    code(digest.slice(0, 19)),
  ]);
  const said = [
    ...(built.length === 0 ? [] : [`built for it: ${built.join(', ')}`]),
    ...(taken.length === 0 ? [] : [`taken as they were: ${taken.join(', ')}`]),
  ];
  const tag = `Images of ${code(snapshot.deploymentTag)}, ${said.join('; ')}`;
  return `\n${details(tag, table(['service', 'image', 'digest'], rows))}`;
}

function endingOf(): string {
  return '\nIt ends when this pull request is closed; a push of a person prolongs it.\n';
}

function timeOf(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Who has the room that an instance did not get. */
export interface RoomTaken {
  readonly formation: string;
  readonly created: Date;
  readonly expires: Date;
  /** Whether its removal has begun. */
  readonly isEnding?: true;
}

/** Begins the comment that there is no room, so that a run without the right to see that can read it. No other comment begins so. */
const NO_ROOM = '<!-- slipway:no-room -->';

/** Whether a comment, without the marker that it is found by, is one of `noRoomComment`. */
export function saysNoRoom(comment: string): boolean {
  return comment.startsWith(`${NO_ROOM}\n`);
}

/** That there is no room, who has it, and how to get some. */
export function noRoomComment(
  { application, formation }: Pick<ShownInstance, 'application' | 'formation'>,
  { atMost, rooms, at }: { readonly atMost: number; readonly rooms: readonly RoomTaken[]; readonly at: Date },
): string {
  const rows = rooms.map(room => [code(room.formation), ageOf(room.created, at), endOf(room)]);
  const ending = rooms.filter(({ isEnding }) => isEnding === true).length;
  return `${NO_ROOM}
### ${escapeMarkdown(`${application}/${formation}`)}: no room

There ${atMost === 1 ? 'may be 1 instance' : `may be ${atMost} instances`} at the same time, and ${rooms.length === 1 ? '1 is' : `${rooms.length} are`} there, so that nothing was deployed.
${table(['instance', 'age', 'until'], rows)}
${stuck(ending)}${ending === rooms.length && ending > 0 ? '' : 'Close a pull request that needs none any more, and run this job again. '}${code('at-most')} in the ${code('spawn')} block allows more.
`;
}

function endOf({ expires, isEnding }: RoomTaken): string {
  return isEnding === true ? 'being removed' : timeOf(expires);
}

/** What is on its way out keeps its room for as long as something keeps that, which the sweep names. */
function stuck(ending: number): string {
  if (ending === 0) return '';
  return ending === 1
    ? 'One is being removed, and did not go in time: the next sweep says what keeps it. Run this job again once it is gone.\n'
    : `${ending} are being removed, and did not go in time: the next sweep says what keeps them. Run this job again once they are gone.\n`;
}

function ageOf(created: Date, at: Date): string {
  const hours = Math.max(0, Math.floor((at.getTime() - created.getTime()) / 3_600_000));
  return hours < 48 ? count(hours, 'hour') : count(Math.floor(hours / 24), 'day');
}

/** That an instance was removed. */
export function goneComment(
  { application, formation }: Pick<ShownInstance, 'application' | 'formation'>,
  why: string,
): string {
  return `### ${escapeMarkdown(`${application}/${formation}`)}: gone

It was removed: ${escapeMarkdown(why)}.
`;
}

/** What takes the place of the comment that an instance ends soon, once it was deployed again. */
export function prolongedComment({
  application,
  formation,
  expires,
}: Pick<ShownInstance, 'application' | 'formation' | 'expires'>): string {
  return `${escapeMarkdown(`${application}/${formation}`)} was deployed again, and stays until ${timeOf(expires)}.\n`;
}

/** What a sweep did with each instance. */
export function sweptMarkdown(
  instances: readonly {
    readonly application: string;
    readonly formation: string;
    readonly outcome: string;
    readonly why: string;
  }[],
): string {
  if (instances.length === 0) return '\n## There are no instances\n';
  const rows = instances.map(({ application, formation, outcome, why }) => [
    code(`${application}/${formation}`),
    escapeMarkdown(outcome),
    escapeMarkdown(why),
  ]);
  return `\n## Instances\n${table(['instance', 'sweep', 'why'], rows)}`;
}

/** That an instance ends soon, and what is lost with it. */
export function expiryComment(
  { application, formation, expires }: Pick<ShownInstance, 'application' | 'formation' | 'expires'>,
  volumes: readonly string[],
): string {
  const lost =
    volumes.length === 0
      ? 'It has no volumes.'
      : `With it its volumes are deleted: ${volumes.map(code).join(', ')}.`;
  return `### ${escapeMarkdown(`${application}/${formation}`)} ends at ${timeOf(expires)}

${lost}
Push a commit to keep it.
`;
}
