import { formatPosition } from '@slipway/core';
import { describeBriefly } from '@slipway/kubernetes';
import type { ExplainedLine, ExplainedPart } from '@slipway/render';
import { code, codeBlock, table } from '../markdown/blocks.ts';

/** What decided a line of the result, as lines of plain text for the log. */
export function explainedText({ line, text, parts }: ExplainedLine): string[] {
  return [
    `${line}: ${text}`,
    ...parts.flatMap(({ object, pointer, by, at, filledBy }) => [
      `  ${describeBriefly(object)} ${pointer}`,
      `    ${by} ${formatPosition(at)}`,
      ...filledBy.map(({ address, at: position }) => `    ${address} (${formatPosition(position)})`),
    ]),
  ];
}

/** What decided a line of the result, as a section of a summary. */
export function explainedMarkdown({ line, text, parts }: ExplainedLine): string {
  const headers = ['Part', 'Decided by', 'Filled by'];
  return `\n#### ${code(line)}\n\n${codeBlock([text])}\n${table(headers, parts.map(row))}`;
}

function row({ object, pointer, by, at, filledBy }: ExplainedPart): string[] {
  const addresses = filledBy.map(
    ({ address, at: position }) => `${code(address)} ${code(formatPosition(position))}`,
  );
  return [
    code(`${describeBriefly(object)} ${pointer}`),
    `${by} ${code(formatPosition(at))}`,
    addresses.join(', '),
  ];
}
