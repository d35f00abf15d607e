import { count } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import { type Meaning, say } from '../tell/say.ts';
import type { Area, Check } from './check.ts';

const AREAS: Readonly<Record<Area, string>> = {
  machine: 'This machine',
  repository: 'This repository',
  cluster: 'Clusters',
  github: 'GitHub',
  workflows: 'Workflows',
};
const WORDS: Readonly<Record<Check['state'], string>> = {
  fine: 'fine',
  missing: 'missing',
  advice: 'advice',
  unknown: 'not known',
};
const MEANINGS: Readonly<Record<Check['state'], Meaning | undefined>> = {
  fine: undefined,
  missing: 'error',
  advice: 'note',
  unknown: 'warning',
};
const WIDTH = 11;

function nextOf(open: number, unknown: number): string {
  if (open > 0) return 'each command behind "fix:", then this one again';
  const look = unknown === 0 ? '' : 'look at what is not known, then ';
  return `${look}commit and push, which starts the workflow Release`;
}

/** Writes what was looked at, by area, and under what is missing the command that fixes it. */
export function sayChecks(checks: readonly Check[], { output }: Machine): void {
  for (const [area, title] of Object.entries(AREAS)) {
    const own = checks.filter(check => check.area === area);
    if (own.length > 0) say(output, title);
    for (const { what, state, detail, fix } of own) {
      const more = detail === undefined ? '' : `: ${detail}`;
      say(output, `  ${WORDS[state].padEnd(WIDTH)}${what}${more}`, MEANINGS[state]);
      if (fix !== undefined) say(output, `${' '.repeat(WIDTH + 2)}fix: ${fix}`);
    }
  }
  const number = (state: Check['state']): number => checks.filter(check => check.state === state).length;
  const [open, unknown] = [number('missing'), number('unknown')];
  say(output, `${count(open, 'thing')} missing, ${unknown} not known; next: ${nextOf(open, unknown)}`);
}
