import { openReleaseSentence, type Releases } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import { say } from './say.ts';

type Destination = Releases['destinations'][number];

const HEADINGS = ['DESTINATION', 'NAMESPACE', 'RELEASE', 'VERDICT', 'DEPLOYMENT TAG', 'CREATED'];

/** Writes a table with a line for each release, the newest of a destination first, and below it who holds what. */
export function sayReleases({ destinations }: Releases, { output, errors }: Machine): void {
  const rows = destinations.flatMap(rowsOf);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map(row => row[column]?.length ?? 0)),
  );
  for (const row of [HEADINGS, ...rows])
    say(
      output,
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  for (const destination of destinations)
    for (const line of holdLines(destination)) say(errors, line, 'warning');
}

function rowsOf(destination: Destination): string[][] {
  const { releases, namespace } = destination;
  const start = [nameOf(destination), namespace];
  if (releases === undefined) return [[...start, 'unknown']];
  if (releases.length === 0) return [[...start, 'none']];
  return releases.map(({ release, verdict, unreadable, deploymentTag = '', created }) => [
    ...start,
    String(release),
    unreadable === undefined ? (verdict ?? 'open') : 'unreadable',
    ...[deploymentTag, created],
  ]);
}

function nameOf({ formation, destination }: Destination): string {
  return destination === undefined ? formation : `${formation}/${destination}`;
}

function holdLines(destination: Destination): string[] {
  const { hold, holdUnknown = [], releases = [], open } = destination;
  const name = nameOf(destination);
  const until = hold?.until === undefined ? '' : ` until ${hold.until}`;
  return [
    ...(open === undefined ? [] : [`${name}: ${openReleaseSentence(open)}`]),
    ...(hold === undefined
      ? []
      : [`warning: ${name} is held by ${hold.by} since ${hold.since}${until}: ${hold.reason}`]),
    ...holdUnknown.map(reason => `warning: whether ${name} is held is not known: ${reason}`),
    ...releases.flatMap(({ release, unreadable }) =>
      unreadable === undefined ? [] : [`warning: ${name}, release ${release}: ${unreadable}`],
    ),
  ];
}
