import { Axis } from './axis.ts';
import { type Bar, deployedRows, type Happenings, watchedRows } from './timeline-rows.ts';

/** Room for the names on the left, in pixels: of a letter, and at most. */
const LETTER = 8;
const MARGIN = 30;
const MAX_ROOM = 400;

/**
 * A Mermaid diagram of what was in which state when: deploy and its Jobs, then what was watched. Empty without a change, and where
 * everything was ready all the time.
 */
export function gantt(happenings: Happenings, finished: Date): string {
  const deployed = deployedRows(happenings);
  const watched = watchedRows(happenings, finished);
  const rows = [...deployed, ...watched];
  if (happenings.changes.length + happenings.checks.length === 0) return '';
  // Where everything was ready all the time, and no Job ran, there is nothing to draw.
  if (watched.length === 0 && deployed.length < 2) return '';
  const begin = new Date(Math.min(...rows.flatMap(({ bars }) => bars.map(({ from }) => from.getTime()))));
  const axis = new Axis(begin, finished);
  return [
    '```mermaid',
    directive(rows.map(({ name }) => name)),
    'gantt',
    `  title Time since ${deployed.length === 0 ? 'watching' : 'deploy'} began, ${shown(begin)}`,
    ...axis.lines(),
    ...rows.flatMap(({ name, bars }) => [`  section ${name}`, ...bars.map(bar => barLine(bar, axis))]),
    '```',
    '',
  ].join('\n');
}

function shown(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Bars of one object in one line, and names that are not below them: https://mermaid.js.org/syntax/gantt.html#configuration */
function directive(names: readonly string[]): string {
  const longest = Math.max(...names.map(name => name.length));
  const leftPadding = Math.min(MAX_ROOM, longest * LETTER + MARGIN);
  return `%%{init: ${JSON.stringify({ gantt: { displayMode: 'compact', leftPadding } })}}%%`;
}

function barLine({ label, style, from, to }: Bar, axis: Axis): string {
  const end = new Date(Math.max(to.getTime(), from.getTime() + 1));
  return `  ${label} :${style}, ${axis.moment(from)}, ${axis.moment(end)}`;
}
