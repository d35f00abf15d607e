import { formatPosition } from '@slipway/core';
import { code, codeBlock, type Runner, table } from '@slipway/github';
import type { ExplainedLine, ExplainedPart } from '@slipway/render';

/** Tells in the log and in the summary what decided the lines that were asked for. */
export function showExplained(lines: readonly ExplainedLine[], runner: Runner): void {
  if (lines.length === 0) return;
  for (const line of lines) for (const text of logLines(line)) runner.logger.info(text);
  runner.addSummary(lines.map(explainedSummary).join(''));
}

function logLines({ line, text, parts }: ExplainedLine): string[] {
  return [
    `${line}: ${text}`,
    ...parts.flatMap(({ object, pointer, by, at, filledBy }) => [
      `  ${object.kind} ${object.name} ${pointer}`,
      `    ${by} ${formatPosition(at)}`,
      ...filledBy.map(({ address, at: place }) => `    ${address} (${formatPosition(place)})`),
    ]),
  ];
}

function explainedSummary({ line, text, parts }: ExplainedLine): string {
  const headers = ['Part', 'Decided by', 'Filled by'];
  return `\n#### ${code(line)}\n\n${codeBlock([text])}\n${table(headers, parts.map(row))}`;
}

function row({ object, pointer, by, at, filledBy }: ExplainedPart): string[] {
  const addresses = filledBy.map(
    ({ address, at: place }) => `${code(address)} ${code(formatPosition(place))}`,
  );
  return [
    code(`${object.kind} ${object.name} ${pointer}`),
    `${by} ${code(formatPosition(at))}`,
    addresses.join(', '),
  ];
}
