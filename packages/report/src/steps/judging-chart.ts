import { count } from '@slipway/core';
import { completePairs, type ShownCheck } from './judged-check.ts';
import { averages } from './sparkline.ts';

/** The colours of 🟦 and 🟧, which the legend shows, and a grey for the margin. */
const COLOURS = ['#55acee', '#f4900c', '#b1bac4'] as const;
const MOST_POINTS = 60;
const LEAST_POINTS = 2;
/** Room above and below the lines, as a part of their height. */
const ROOM = 0.1;
const DIGITS = 6;

/**
 * A diagram of Mermaid with the values of both versions over the time of a step, and from where on they would be too much. It has no
 * legend of its own, so that text above it says which is which. Empty where there is no line to draw.
 * (https://mermaid.js.org/syntax/xyChart.html)
 */
export function judgingChart(check: ShownCheck): string {
  const pairs = completePairs(check);
  if (pairs.length < LEAST_POINTS) return '';
  const lines = (['stable', 'next'] as const).map(side =>
    averages(
      pairs.map(pair => pair[side]),
      MOST_POINTS,
    ),
  );
  const margin = marginLine(check, lines[0] ?? []);
  const all = [...lines, ...(margin === undefined ? [] : [margin])];
  return [
    `${legend(check, margin !== undefined)}\n`,
    '```mermaid',
    `%%{init: ${JSON.stringify({ themeVariables: { xyChart: { plotColorPalette: COLOURS.join(', ') } } })}}%%`,
    'xychart-beta',
    `  x-axis "minutes" 0 --> ${minutes(check)}`,
    `  y-axis "${axisTitle(check)}" ${range(all.flat()).map(number).join(' --> ')}`,
    ...all.map(values => `  line [${values.map(number).join(', ')}]`),
    '```',
    '',
  ].join('\n');
}

/** Where stable's values would be with the margin: the line that those of next should not stay above. */
function marginLine({ margin }: ShownCheck, stable: readonly number[]): readonly number[] | undefined {
  return margin === undefined || margin === 0 ? undefined : stable.map(value => value + margin);
}

function legend(check: ShownCheck, hasMargin: boolean): string {
  const { points = [] } = check;
  const missing = points.length - completePairs(check).length;
  return [
    '🟦 stable 🟧 next',
    ...(hasMargin ? ['⬜ what would be too much'] : []),
    ...(missing === 0
      ? []
      : [`(${count(missing, 'moment')} without a value of both ${missing === 1 ? 'is' : 'are'} left out)`]),
  ].join(' ');
}

function minutes({ points = [] }: ShownCheck): string {
  const [first, last] = [points.at(0)?.at.getTime() ?? 0, points.at(-1)?.at.getTime() ?? 0];
  return number((last - first) / 60_000);
}

/** The name of a check is a DNS label, and a unit is Slipway's own, so that neither has a quote. */
function axisTitle({ name, unit = '' }: ShownCheck): string {
  return unit === '' ? name : `${name} in${unit}`;
}

function range(values: readonly number[]): readonly [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least || Math.abs(most) || 1) * ROOM;
  return [least >= 0 && least < room ? 0 : least - room, most + room];
}

/** Mermaid reads no exponents. */
function number(value: number): string {
  const format = { useGrouping: false, maximumSignificantDigits: DIGITS } as const;
  return value.toLocaleString('en', format);
}
