import { type Explanation, type ExplanationPart, formatPosition, quote } from '@slipway/core';
import { describeBriefly } from '@slipway/kubernetes';
import type { Machine } from '../machine/machine.ts';
import { say } from './say.ts';

/** Writes each part once, with all destinations that have it like that. */
export function sayExplanation({ parts }: Explanation, { output }: Pick<Machine, 'output'>): void {
  for (const [text, same] of Map.groupBy(parts, partText)) {
    const destinations = same.map(({ formation, destination }) => `${formation}/${destination}`);
    say(output, `${text}\n  in ${[...new Set(destinations)].join(', ')}`);
  }
}

function partText({ object, pointer, value, at, filledBy }: ExplanationPart): string {
  const is = value === undefined ? '' : ` = ${typeof value === 'string' ? quote(value) : String(value)}`;
  return [
    `${describeBriefly(object)} ${pointer}${is}`,
    `  written at ${formatPosition(at)}`,
    ...filledBy.map(({ address, at: where }) => `  filled by ${address} (${formatPosition(where)})`),
  ].join('\n');
}
