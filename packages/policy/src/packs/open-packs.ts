import { type ChosenPack, defined, formatPack } from '@slipway/core';
import { annotationsOf, FIX, RULE } from '@slipway/kubernetes';
import type { Binding, BoundPolicy } from '../policies/bound-policy.ts';
import { type CompiledPolicy, compileKnownPolicy, Programs } from '../policies/compile-policy.ts';
import { readBindingSpec, readPolicySpec } from '../resources/read-spec.ts';
import { type PackPolicy, readPacks } from './pack-files.ts';

const OPENED = new Map<string, readonly BoundPolicy[]>();

/**
 * The policies of packs for a minor version; a run that checks several destinations reads them once. That an API server would take
 * them is a matter of this repository's tests, and not looked at.
 * @throws SlipwayError `unknown-pack`
 */
export function openPacks(chosen: readonly ChosenPack[], minor: number): readonly BoundPolicy[] {
  const key = `${minor} ${[...new Set(chosen.map(formatPack))].sort().join(', ')}`;
  const known = OPENED.get(key);
  if (known !== undefined) return known;
  const programs = new Programs();
  const policies = readPacks(chosen, minor).flatMap(({ name, level, policies }) =>
    policies.map(policy => ({ ...boundPolicy(policy, name, { minor, programs }), level })),
  );
  OPENED.set(key, policies);
  return policies;
}

interface Ground {
  readonly minor: number;
  readonly programs: Programs;
}

function boundPolicy(
  { object, bindings }: PackPolicy,
  pack: string,
  { minor, programs }: Ground,
): BoundPolicy {
  const { name } = object.metadata;
  const spec = readPolicySpec(object);
  const annotations = annotationsOf(object);
  let policy: CompiledPolicy | undefined;
  return {
    ...{ name, spec, rule: `${pack}/${annotations[RULE] ?? name}`, ...defined({ fix: annotations[FIX] }) },
    bindings: bindings.map(
      (binding): Binding => ({ name: binding.metadata.name, spec: readBindingSpec(binding) }),
    ),
    compiled() {
      policy ??= compileKnownPolicy(name, spec, minor, programs);
      return policy;
    },
  };
}
