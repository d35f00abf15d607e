import { expect, it } from '@jest/globals';
import { type Finding, makeReport } from '@slipway/core';
import { reportJson } from '../src/index.ts';

it.each([0, 1, 500, 501, 1001])(
  'report.json with %d findings is the same in pieces and as a whole',
  count => {
    const findings = Array.from(
      { length: count },
      (_, index): Finding => ({
        rule: 'schema/unknown-field',
        severity: 'error',
        message: `"findings": [] ${index}\n  ]\n}`,
        place: { path: 'a.yaml', line: index + 1, column: 1 },
        fingerprint: String(index),
      }),
    );
    const report = makeReport(findings, count);
    expect([...reportJson(report)].join('')).toBe(`${JSON.stringify(report, null, 2)}\n`);
  },
);
