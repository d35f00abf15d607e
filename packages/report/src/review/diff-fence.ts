import { count, excerpt, stringifyJson } from '@slipway/core';
import { details } from '../markdown/blocks.ts';
import { differingLines } from '../plans/differing-lines.ts';
import { rowTitle } from './groups.ts';
import type { ShownChange, ShownField } from './shown-review.ts';

/** Characters of one value that are shown. */
const MAX_VALUE = 120;

/** The lines of a diff: what changes in each object, with at most so many fields of one. */
export function diffLines(changes: readonly ShownChange[], maxFields: number): string[] {
  return changes.flatMap(change => {
    const fields = change.fields.slice(0, maxFields);
    const more = change.fields.length - fields.length;
    return [
      `@@ ${excerpt(titleOf(change), MAX_VALUE)} @@`,
      ...fields.flatMap(linesOf),
      ...(more > 0 ? [`  and ${count(more, 'more field')}`] : []),
    ];
  });
}

/** Lines as a fenced block that nothing in them can close. */
export function diffFence(lines: readonly string[]): string {
  const longest = Math.max(0, ...lines.flatMap(line => line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}diff\n${lines.join('\n')}\n${fence}\n`;
}

/** Lines of a diff that is open without a click. */
const SHORT_DIFF = 20;

/** A diff that is open where it is short and one of few. @param summary Markdown */
export function diffDetails(
  summary: string,
  changes: readonly ShownChange[],
  { groups, maxFields }: { readonly groups: number; readonly maxFields: number },
): string {
  const lines = diffLines(changes, maxFields);
  return `\n${details(summary, diffFence(lines), lines.length <= SHORT_DIFF && groups <= 3)}`;
}

const VERBS: Readonly<Record<ShownChange['action'], string>> = {
  create: 'is new',
  change: '',
  replace: 'is replaced',
  prune: 'is removed',
  unchanged: '',
  skip: '',
};

function titleOf({ object, action, restarts, note, ...change }: ShownChange): string {
  const notes = [VERBS[action], restarts ? 'restarts pods' : '', note ?? ''].filter(text => text !== '');
  const title = rowTitle({ object, action, restarts, ...change });
  return notes.length === 0 ? title : `${title}: ${notes.join('; ')}`;
}

function linesOf(field: ShownField): string[] {
  const path = excerpt(field.path, MAX_VALUE);
  const { before, after } = field;
  if (typeof before === 'string' && typeof after === 'string' && [before, after].some(isLong))
    return [`  ${path}:`, ...differingLines(before, after).map(indented)];
  if ('before' in field && 'after' in field && shown(before) === shown(after))
    return [`  ${path}:`, ...differingLines(stringifyJson(before, 2), stringifyJson(after, 2)).map(indented)];
  const isHidden = !('before' in field) && !('after' in field);
  if (isHidden) return [`! ${path}: its value is not shown`];
  return [
    ...('before' in field ? [`- ${path}: ${shown(before)}`] : []),
    ...('after' in field ? [`+ ${path}: ${shown(after)}`] : []),
  ];
}

/** A mark stays in the first column, where a diff has it; a note about the rest has none. */
function indented(line: string): string {
  return /^[-+] /.test(line) ? `${line.slice(0, 1)}  ${line.slice(1)}` : `    ${line}`;
}

/** Whether its beginning would not show where the text differs. */
function isLong(text: string): boolean {
  return text.length > 80 || text.includes('\n');
}

/** A text is quoted only where it would read as something else. */
function shown(value: unknown): string {
  const text =
    typeof value === 'string' && /^[^\s"'{}[\]]/.test(value) && !isAmbiguous(value)
      ? value
      : stringifyJson(value);
  return excerpt(text, MAX_VALUE);
}

function isAmbiguous(text: string): boolean {
  return /^(?:true|false|null|[-+.\d][\d._eE+-]*)$/.test(text) || /\s$/.test(text);
}
