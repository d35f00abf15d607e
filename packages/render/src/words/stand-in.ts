import type { Span } from '@slipway/yaml';
import type { SealedWord } from '../trace/traced.ts';

/** A secret within a text that is being filled. */
export interface SealedPart {
  readonly word: string;
  readonly span: Span;
}

/** The stand-in for a secret; the number is omitted unless it is needed. */
function standInFor(word: string, number: number): string {
  return number === 0 ? `slipway-sealed(${word})` : `slipway-sealed(${word},${number})`;
}

const LOOK_ALIKE = /slipway-sealed\([A-Za-z0-9_.-]*(?:,(\d{1,15}))?\)/g;

/**
 * Joins the parts of a text, with a stand-in for each secret. Each stand-in occurs exactly once: numbers begin above those of any text
 * that looks like one. A stand-in ends with its only `)`, so none can arise where two parts meet.
 */
export function fillStandIns(parts: readonly (string | SealedPart)[]): {
  text: string;
  sealed: readonly SealedWord[];
} {
  if (parts.every(part => typeof part === 'string')) return { text: parts.join(''), sealed: [] };
  let number = firstFreeNumber(parts.map(part => (typeof part === 'string' ? part : '\0')).join(''));
  const sealed: SealedWord[] = [];
  const texts = parts.map(part => {
    if (typeof part === 'string') return part;
    const standIn = standInFor(part.word, number++);
    sealed.push({ ...part, standIn });
    return standIn;
  });
  return { text: texts.join(''), sealed };
}

function firstFreeNumber(text: string): number {
  let first = 0;
  for (const [, number = '0'] of text.matchAll(LOOK_ALIKE)) first = Math.max(first, Number(number) + 1);
  return first;
}
