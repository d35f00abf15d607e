import { describe, expect, it } from '@jest/globals';
import {
  judgingChart,
  judgingLines,
  judgingMarkdown,
  type ShownCheck,
  type ShownStep,
} from '@slipway/report';

const START = Date.UTC(2026, 10, 30, 10);

function latency(moments: number, more: Partial<ShownCheck> = {}): ShownCheck {
  const points = Array.from({ length: moments }, (_, index) => ({
    at: new Date(START + index * 60_000),
    stable: 0.3 + (index % 3) / 100,
    next: 0.4 + (index % 3) / 100,
  }));
  return {
    ...{ name: 'latency', verdict: 'failed', unit: ' s', margin: 0.06, points },
    message: '0.410 s instead of 0.310 s, where 20 % more would be too much',
    ...more,
  };
}

const ERRORS: ShownCheck = { name: 'errors', verdict: 'passed', message: '0.20 % (4 of 2,000) | alike' };

function step(
  at: number,
  weight: number,
  checks: readonly ShownCheck[],
  verdict: ShownStep['verdict'],
): ShownStep {
  return { at, weight, verdict, checks, falseAlarm: checks.length / 100 };
}

const STEPS = [
  step(0, 0, [], 'passed'),
  step(1, 20, [ERRORS], 'passed'),
  step(2, 50, [ERRORS, latency(10)], 'failed'),
];

describe('the picture of a step', () => {
  it('has two lines in the colours of its legend, and the margin', () => {
    expect(judgingChart(latency(4))).toBe(
      [
        '🟦 stable 🟧 next ⬜ what would be too much',
        '',
        '```mermaid',
        '%%{init: {"themeVariables":{"xyChart":{"plotColorPalette":"#55acee, #f4900c, #b1bac4"}}}}%%',
        'xychart-beta',
        '  x-axis "minutes" 0 --> 3',
        '  y-axis "latency in s" 0.288 --> 0.432',
        '  line [0.3, 0.31, 0.32, 0.3]',
        '  line [0.4, 0.41, 0.42, 0.4]',
        '  line [0.36, 0.37, 0.38, 0.36]',
        '```',
        '',
      ].join('\n'),
    );
  });

  it('has at most 60 points of each line', () => {
    const lines = judgingChart(latency(1000)).match(/line \[.*\]/g) ?? [];
    expect(lines.map(line => line.split(',').length)).toEqual([60, 60, 60]);
  });

  it('leaves out moments without a value of both, and counts them', () => {
    const { points = [] } = latency(6);
    const holes = points.map((point, index) => (index % 2 === 0 ? point : { ...point, next: null }));
    const chart = judgingChart(latency(0, { points: holes }));
    expect(chart).toContain('(3 moments without a value of both are left out)');
    expect(chart).toContain('  line [0.3, 0.32, 0.31]\n');
  });

  it('is left out where there is no line to draw', () => {
    expect(judgingChart(latency(1))).toBe('');
    expect(judgingChart(ERRORS)).toBe('');
  });

  it('writes small and large numbers without exponents', () => {
    const at = (minute: number) => new Date(START + minute * 60_000);
    const points = [
      { at: at(0), stable: 1e-7, next: 2e-7 },
      { at: at(1), stable: 3e21, next: 4e21 },
    ];
    expect(judgingChart(latency(0, { points }))).not.toMatch(/\de[+-]?\d/);
  });
});

describe('the table of a release in steps', () => {
  it('has a line of weights, each step with its checks, and lines over time of both versions', () => {
    const page = judgingMarkdown(STEPS);
    expect(page).toContain('\n▁▂▅ 0 % → 20 % → 50 % of the new connections\n');
    expect(page).toContain('✅ step 0, 0 %: passed (no check compares)');
    expect(page).toContain(
      '❌ step 2, 50 %: failed (2 checks; if both versions were alike and no request depended on another, one of them would fail in at most 2 % of such steps)',
    );
    expect(page).toContain(
      '| <code>latency</code> | ❌ failed | 🟦▁▁▂▁▁▂▁▁▂▁<br>🟧▇██▇██▇██▇ | 0.410 s instead of',
    );
    expect(page).toContain('0.20 % &#40;4 of 2,000&#41; &#124; alike');
    expect(page.match(/```mermaid/g)).toHaveLength(1);
  });

  it('is the same in a log', () => {
    expect(judgingLines(STEPS).slice(0, 3)).toEqual([
      '▁▂▅ 0 % → 20 % → 50 % of the new connections',
      '✓ step 0, 0 %: passed (no check compares)',
      '✓ step 1, 20 %: passed (1 check; if both versions were alike and no request depended on another, one of them would fail in at most 1 % of such steps)',
    ]);
    expect(judgingLines(STEPS).at(-1)).toMatch(/^ {4}✗ latency 🟦▁▁▂.* 🟧▇██.* 0.410 s instead of/);
  });

  it('has nothing of a release without steps', () => {
    expect(judgingMarkdown([])).toBe('');
    expect(judgingLines([])).toEqual([]);
  });
});
