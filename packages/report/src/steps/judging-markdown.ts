import { count } from '@slipway/core';
import { code, table } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { completePairs, type ShownCheck, type ShownStep } from './judged-check.ts';
import { judgingChart } from './judging-chart.ts';
import { sparkline } from './sparkline.ts';

const SIGNS: Readonly<Record<ShownCheck['verdict'], string>> = {
  passed: '✅ passed',
  failed: '❌ failed',
  inconclusive: '❔ inconclusive',
};
const LOG_SIGNS: Readonly<Record<ShownCheck['verdict'], string>> = {
  passed: '✓',
  failed: '✗',
  inconclusive: '?',
};

/** What was judged of each step, as a page shows it: the weights over time, a table, and a diagram of each comparison of values. */
export function judgingMarkdown(steps: readonly ShownStep[]): string {
  if (steps.length === 0) return '';
  return [
    `\n${weights(steps)}\n`,
    ...steps.map(step => stepMarkdown(step)),
    ...(steps.at(-1)?.checks ?? []).map(chartOf),
  ].join('');
}

/** The same for a log. */
export function judgingLines(steps: readonly ShownStep[]): readonly string[] {
  if (steps.length === 0) return [];
  return [
    weights(steps),
    ...steps.flatMap(step => [
      `${LOG_SIGNS[step.verdict]} ${titleOf(step)}`,
      ...step.checks.map(check =>
        ['   ', LOG_SIGNS[check.verdict], check.name, ...linesOf(check), check.message].join(' '),
      ),
    ]),
  ];
}

/** `▁▂▅ 0 % → 20 % → 50 % of the new connections`. */
function weights(steps: readonly ShownStep[]): string {
  const all = steps.map(({ weight }) => weight);
  const bars = all.map(weight => sparkline([weight], 0, 100)).join('');
  return `${bars} ${all.map(weight => `${weight} %`).join(' → ')} of the new connections`;
}

function titleOf({ at, weight, verdict, checks, falseAlarm }: ShownStep): string {
  const alarm =
    falseAlarm === 0
      ? ''
      : `; if both versions were alike and no request depended on another, one of them would fail in at most ${percent(falseAlarm)} of such steps`;
  const compared = checks.length === 0 ? 'no check compares' : count(checks.length, 'check');
  return `step ${at}, ${weight} %: ${verdict} (${compared}${alarm})`;
}

function percent(part: number): string {
  return `${Number((100 * part).toPrecision(3))} %`;
}

function stepMarkdown(step: ShownStep): string {
  const title = `\n${SIGNS[step.verdict].split(' ')[0]} ${titleOf(step)}\n`;
  if (step.checks.length === 0) return title;
  const rows = step.checks.map(check => [
    code(check.name),
    SIGNS[check.verdict],
    linesOf(check).join('<br>'),
    escapeMarkdown(check.message),
  ]);
  return `${title}${table(['check', 'result', 'over time', 'what it found'], rows)}`;
}

/** Both versions between the same bounds, so that they can be compared by eye. */
function linesOf(check: ShownCheck): readonly string[] {
  const pairs = completePairs(check);
  const all = pairs.flatMap(({ stable, next }) => [stable, next]);
  if (all.length === 0) return [];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return [
    `🟦${sparkline(
      pairs.map(({ stable }) => stable),
      least,
      most,
    )}`,
    `🟧${sparkline(
      pairs.map(({ next }) => next),
      least,
      most,
    )}`,
  ];
}

function chartOf(check: ShownCheck): string {
  const chart = judgingChart(check);
  return chart === '' ? '' : `\n#### ${code(check.name)}\n\n${chart}\n`;
}
