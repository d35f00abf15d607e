import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { Status } from '../../src/status/status.ts';

/** What a status says of its object: it works, it has failed, it is on its way, it was stopped on purpose, or nothing. */
export type Said = 'ready' | 'failed' | 'waiting' | 'paused' | 'unknown';

/** One status as an operator's sources, tests or documentation have it. */
export interface Collected {
  readonly name: string;
  /** The file at a fixed commit that names these fields and values. */
  readonly source: string;
  readonly expect: Said;
  /** What the verdict has to name; absent where nothing decides. */
  readonly field?: string;
  readonly object: KubernetesObject;
}

export type Collection = 'statuses' | 'later' | 'reviewed';

/**
 * The statuses of a file, one on each line: those of statuses.jsonl were collected before the reading was written, those of
 * later.jsonl after it, as an estimate for kinds that it was not written for, and those of reviewed.jsonl are of the mechanisms that a
 * later review found wrong, with their opposites. Argo CD's rules and their test data are not among the
 * sources.
 */
export function readCollected(name: Collection): readonly Collected[] {
  const file = fileURLToPath(new URL(`./${name}.jsonl`, import.meta.url));
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter(line => line !== '').map(line => JSON.parse(line) as Collected);
}

const STOPPED = /\b(paused|suspended|stopped|halted|cordoned|scaled to 0)\b/i;

/** What Slipway made of a status. A trouble that only the deadline makes certain is a wait. */
export function saidBy({ state, message, troubles }: Status): Said {
  if (troubles.some(({ certainAfter }) => certainAfter < Number.POSITIVE_INFINITY)) return 'failed';
  if (state === 'in-progress') return 'waiting';
  return STOPPED.test(message) ? 'paused' : state;
}
