import { quote, type Verdict } from '@slipway/core';

/** Where among these a snapshot was rolled back, and why: who reads that it has not succeeded may remember that it had. */
export function rolledBackText(
  formation: string,
  destinations: readonly string[],
  verdicts: ReadonlyMap<string, Verdict | undefined>,
): string {
  const texts = destinations.flatMap(name => {
    const verdict = verdicts.get(name);
    return verdict?.verdict === 'rolled-back' ? [`${formation}/${name} (${quote(verdict.summary)})`] : [];
  });
  return texts.length === 0 ? '' : `; it was rolled back at ${texts.join(', ')}`;
}
