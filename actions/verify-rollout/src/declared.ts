import { type Check, parseChecks, parseStatusRules, type Release, type StatusRule } from '@slipway/core';
import type { Inputs } from './inputs.ts';
import { readYamlInput } from './yaml-input.ts';

/** What the inputs and the formation declare besides times. */
export interface Declared {
  readonly checks: readonly Check[];
  readonly rules: readonly StatusRule[];
}

/**
 * The checks and rules of the `verify` block that the release was deployed with, and those of the inputs, which stand in for
 * one of the same name or kind.
 * @throws SlipwayError for every problem of the inputs
 */
export async function readDeclared(
  { checks, statusRules }: Pick<Inputs, 'checks' | 'statusRules'>,
  verify: Release['verify'],
  workspace: string,
): Promise<Declared> {
  const ownChecks = checks === '' ? [] : parseChecks(await readYamlInput('checks', checks, workspace));
  const ownRules =
    statusRules === '' ? [] : parseStatusRules(await readYamlInput('status-rules', statusRules, workspace));
  const names = new Set(ownChecks.map(({ name }) => name));
  const kinds = new Set(ownRules.map(kindOf));
  return {
    checks: [...(verify?.checks ?? []).filter(({ name }) => !names.has(name)), ...ownChecks],
    rules: [...(verify?.status ?? []).filter(rule => !kinds.has(kindOf(rule))), ...ownRules],
  };
}

function kindOf({ group, kind }: StatusRule): string {
  return `${group}/${kind}`;
}
