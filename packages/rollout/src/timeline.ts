import { describeObject, objectKey } from '@slipway/kubernetes';
import type { Outcome } from './judge/judge.ts';
import type { RolloutChange, RolloutOptions, RolloutResult, RolloutVerdict } from './rollout.ts';

/** The most entries that are kept: a release that flaps for an hour would fill a page otherwise. */
const MAX_ENTRIES = 200;

/** What changed when: each change is reported once, and kept for the result. */
export class Timeline {
  readonly #onChange: ((change: RolloutChange) => void) | undefined;
  readonly #last = new Map<string, string>();
  readonly #entries: { at: string; text: string }[] = [];

  constructor({ onChange }: Pick<RolloutOptions, 'onChange'>) {
    this.#onChange = onChange;
  }

  note(outcomes: readonly Outcome[], at: Date): void {
    const settled = outcomes.filter(isSettled).length;
    for (const { object, state, message } of outcomes) {
      const key = objectKey(object);
      const text = `${state}: ${message}`;
      if (this.#last.get(key) === text) continue;
      this.#last.set(key, text);
      this.#add(at, `${describeObject(object)}: ${message}`);
      this.#onChange?.({ at, object, status: state, message, settled, total: outcomes.length });
    }
  }

  entries(verdict: RolloutVerdict, at: Date): RolloutResult['timeline'] {
    return [...this.#entries, { at: at.toISOString(), text: verdict }];
  }

  #add(at: Date, text: string): void {
    if (this.#entries.length < MAX_ENTRIES) this.#entries.push({ at: at.toISOString(), text });
  }
}

function isSettled({ state }: Outcome): boolean {
  return state === 'ready' || state === 'unknown' || state === 'already-failing';
}
