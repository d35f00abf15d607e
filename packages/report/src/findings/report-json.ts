import type { Report } from '@slipway/core';

/** So many findings are a piece of about 500 KB. */
const PIECE = 500;
/** What is written after the last finding. */
const END = '\n  ]\n}';

/** The text of report.json in pieces: as a whole it may need more memory than the check did. */
export function* reportJson(report: Report): Generator<string> {
  const { findings, ...rest } = report;
  const withFindings = (piece: Report['findings']): string =>
    JSON.stringify({ ...rest, findings: piece }, null, 2);
  const start = withFindings([]).slice(0, -']\n}'.length);
  yield start;
  for (let from = 0; from < findings.length; from += PIECE) {
    const piece = withFindings(findings.slice(from, from + PIECE)).slice(start.length, -END.length);
    yield from === 0 ? piece : `,${piece}`;
  }
  yield findings.length === 0 ? ']\n}\n' : `${END}\n`;
}
