import { judgingMarkdown, type ShownCheck } from '@slipway/report';

const START = Date.UTC(2026, 10, 30, 10);

const ERRORS: ShownCheck = {
  name: 'errors',
  verdict: 'passed',
  message:
    '0.20 % (4 of 2,000) instead of 0.19 % (9 of 4,816), where 1 percentage point more would be too much; between -0.3 and +0.4 percentage points with 98 %',
};

/** Values of both versions a minute apart, of which two are missing. */
const LATENCY: ShownCheck = {
  name: 'latency',
  verdict: 'failed',
  message:
    '0.423 s instead of 0.302 s, where 20 % more would be too much; between +0.098 and +0.144 s with 98 %',
  unit: ' s',
  margin: 0.06,
  points: Array.from({ length: 20 }, (_, index) => ({
    at: new Date(START + index * 60_000),
    stable: 0.3 + 0.02 * Math.sin(index),
    next: index % 9 === 5 ? null : 0.42 + 0.03 * Math.sin(index * 1.3),
  })),
};

/** The page of a release in steps of which the second failed. */
export function judgedRelease(): string {
  return judgingMarkdown([
    { at: 0, weight: 0, verdict: 'passed', checks: [], falseAlarm: 0 },
    { at: 1, weight: 20, verdict: 'passed', checks: [ERRORS], falseAlarm: 0.01 },
    { at: 2, weight: 50, verdict: 'failed', checks: [ERRORS, LATENCY], falseAlarm: 0.02 },
  ]);
}
