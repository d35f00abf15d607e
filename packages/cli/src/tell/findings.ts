import { formatPosition, type Severity } from '@slipway/core';
import { findingLine, type SharedFinding } from '@slipway/report';
import type { Machine } from '../machine/machine.ts';
import { inOwnWords } from './own-words.ts';
import { type Meaning, say } from './say.ts';

const MEANINGS: Readonly<Record<Severity, Meaning>> = {
  error: 'error',
  'sign-off': 'warning',
  warning: 'warning',
  notice: 'note',
};

/** Writes a finding as one line, in the form of a compiler: where, how bad, what, and by which rule. */
export function sayFinding(shared: SharedFinding, { output }: Pick<Machine, 'output'>): void {
  const { severity, rule, place } = shared.finding;
  const where = place === undefined ? '' : `${formatPosition(place)}: `;
  say(output, `${where}${severity}: ${inOwnWords(findingLine(shared))} (${rule})`, MEANINGS[severity]);
}
