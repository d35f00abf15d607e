import type { Difference } from '@slipway/core';
import { changeTitle, fieldLines, reviewTitle, type ShownReview, SIGNS } from '@slipway/report';
import type { Machine } from '../machine/machine.ts';
import { type Meaning, say } from './say.ts';

type Destination = Difference['destinations'][number];
type Change = Difference['settings'][number];

/** Writes what differs: in one sentence, then each object once with all destinations that change alike, then what is not known. */
export function sayDifference(
  review: ShownReview,
  { destinations, settings, limits, removed, moved }: Difference,
  { output, errors }: Pick<Machine, 'output' | 'errors'>,
): void {
  say(output, reviewTitle(review));
  for (const [change, names] of sameChanges(destinations)) sayChange(change, names, output);
  for (const change of settings) sayChange(change, [], output);
  for (const name of removed)
    say(output, `- ${name} leaves: what runs there stays until deploy's mode destroy removes it`, 'removed');
  for (const name of moved)
    say(output, `± ${name} goes elsewhere: what runs in its old place stays`, 'warning');
  for (const { name, uncompared } of destinations)
    if (uncompared !== undefined)
      say(errors, `error: ${name} is not compared${because(uncompared)}`, 'error');
  for (const limit of limits) say(errors, `note: ${limit}`, 'note');
}

function because(reasons: readonly string[]): string {
  return reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
}

/** Changes that are the same in several destinations but for the namespace. */
function sameChanges(destinations: readonly Destination[]): [Change, string[]][] {
  const all = destinations.flatMap(({ name, changes = [] }) => changes.map(change => ({ name, change })));
  const groups = Map.groupBy(all, ({ change }) =>
    JSON.stringify({ ...change, object: { ...change.object, namespace: '' } }, (_key, value) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  );
  return [...groups.values()].flatMap(same => {
    const [first] = same;
    return first === undefined ? [] : [[first.change, same.map(({ name }) => name)] as [Change, string[]]];
  });
}

const MEANINGS: Partial<Readonly<Record<Change['action'], Meaning>>> = {
  create: 'added',
  prune: 'removed',
  change: 'warning',
  replace: 'warning',
};

function sayChange(change: Change, names: readonly string[], output: Machine['output']): void {
  const { object, action, restarts, note, fields } = change;
  const { namespace: _, ...anywhere } = object;
  const planned = {
    ...{ object: names.length > 1 ? anywhere : object, action, restarts },
    ...(note === undefined ? {} : { note }),
    fields: fields.map(({ path, ...values }) => ({ pointer: path, ...values })),
  };
  const where = names.length === 0 ? '' : ` [${names.join(', ')}]`;
  say(output, `${SIGNS[action]} ${changeTitle(planned)}${where}`, MEANINGS[action]);
  for (const line of fieldLines(planned)) say(output, line);
}
