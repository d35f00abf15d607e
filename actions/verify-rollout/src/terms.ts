import { parseDuration, type Release } from '@slipway/core';
import type { Inputs, OnFailure } from './inputs.ts';

const DEFAULT_STABLE_FOR = 30_000;
const DEFAULT_TIMEOUT = 10 * 60_000;

export interface Terms {
  readonly stableFor: number;
  readonly timeout: number;
  readonly onFailure: OnFailure;
}

/** Inputs first, then the `verify` block that the release was deployed with, then the defaults that action.yml names. */
export function termsOf(inputs: Inputs, verify: Release['verify']): Terms {
  const recorded = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : parseDuration(text);
  return {
    stableFor: inputs.stableFor ?? recorded(verify?.['stable-for']) ?? DEFAULT_STABLE_FOR,
    timeout: inputs.timeout ?? recorded(verify?.timeout) ?? DEFAULT_TIMEOUT,
    onFailure: inputs.onFailure ?? verify?.['on-failure'] ?? 'report',
  };
}
