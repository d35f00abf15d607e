import { parseDuration, type Release } from '@slipway/core';
import { type Windows, windowsOf } from '@slipway/rollout';
import type { Inputs, OnFailure } from './inputs.ts';

const DEFAULT_STABLE_FOR = 30_000;
const DEFAULT_TIMEOUT = 10 * 60_000;

export interface Terms {
  readonly stableFor: number;
  readonly timeout: number;
  /** Altogether; undefined: as long as there is progress. */
  readonly deadline: number | undefined;
  readonly windows: Windows;
  readonly onFailure: OnFailure;
}

/** Inputs first, then the `verify` block that the release was deployed with, then the defaults that action.yml names. */
export function termsOf(inputs: Inputs, verify: Release['verify']): Terms {
  return {
    stableFor: inputs.stableFor ?? recorded(verify?.['stable-for']) ?? DEFAULT_STABLE_FOR,
    timeout: inputs.timeout ?? recorded(verify?.timeout) ?? DEFAULT_TIMEOUT,
    deadline: inputs.deadline ?? recorded(verify?.deadline),
    windows: windowsOf(verify?.windows),
    onFailure: inputs.onFailure ?? verify?.['on-failure'] ?? 'report',
  };
}

function recorded(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text);
}
