import { stringifyJson } from '@slipway/core';
import type { Runner, SavedState } from '@slipway/github';

const STATE = 'by-destination';

/** What a step with several destinations leaves: each value is JSON with that of every destination. */
export interface ByDestination {
  set(destination: string, name: string, value: string): void;
}

type Values = Map<string, Record<string, string>>;

/** Outputs by name; one that has been set is written again with what another destination adds, as only the last counts. */
export function outputsByDestination({ setOutput }: Pick<Runner, 'setOutput'>): ByDestination {
  const values: Values = new Map();
  return {
    set(destination, name, value) {
      const all = { ...values.get(name), [destination]: value };
      values.set(name, all);
      setOutput(name, stringifyJson(all));
    },
  };
}

/** What the step saves for its post step: one state, as the names of those that are saved are not known there. */
export function statesByDestination({ saveState }: Pick<Runner, 'saveState'>): ByDestination {
  const values: Record<string, Record<string, string>> = {};
  return {
    set(destination, name, value) {
      values[destination] = { ...values[destination], [name]: value };
      saveState(STATE, stringifyJson(values));
    },
  };
}

/** What was saved for one destination of several. */
export function savedAt(saved: SavedState, destination: string): SavedState {
  const values: Record<string, Record<string, string>> = JSON.parse(saved(STATE) || '{}');
  return name => values[destination]?.[name] ?? '';
}
