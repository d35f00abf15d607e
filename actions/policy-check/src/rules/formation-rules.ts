import { type Formation, isKubernetesObject, type SourceDocument } from '@slipway/core';
import type { FormationFile, Repository } from '@slipway/render';
import type { TargetContext } from '../target-context.ts';
import type { ExtraRules } from './extra-rules.ts';
import type { Rules, RulesInForce } from './rules.ts';

/** The rules for one destination: of the checkout, and of the base if it has the application. */
export function formationRules(
  file: FormationFile,
  namespace: string,
  { repository, base }: { readonly repository: Repository; readonly base: Repository | undefined },
  { inputs, extra }: TargetContext,
): RulesInForce {
  const { spec } = file.formation;
  const own = rulesOf(repository, [file.formation], inputs.packs, extra.own);
  if (base === undefined || extra.base === undefined) return { own: { ...own, allow: spec.allow } };
  const before = formationsBefore(file.formation, namespace, base);
  const packs = rulesOf(base, before, inputs.packs, extra.base);
  // A formation that is new, and goes where no other does, brings its own blocks.
  const blocks = before.length === 0 ? { packs: own.packs, allow: spec.allow } : { allow: allowOf(before) };
  return {
    own: { ...own, allow: spec.allow },
    base: { ...packs, ...blocks, namespaces: namespacesOf(base) },
  };
}

/**
 * The formation as the base has it. One that the base has under no such name is held against those that go into its namespace there:
 * a new name is no way out of the rules.
 */
function formationsBefore({ metadata }: Formation, namespace: string, base: Repository): Formation[] {
  const same = base.formations.get(metadata.name);
  if (same !== undefined) return [same];
  return [...base.formations.values()].filter(({ spec }) =>
    Object.values(spec.destinations).some(destination => destination.namespace === namespace),
  );
}

function rulesOf(
  { policies, crds }: Repository,
  formations: readonly Formation[],
  packs: readonly string[],
  extra: ExtraRules,
): Rules {
  const ofFormations = formations.flatMap(({ spec }) => spec.policies?.packs ?? []);
  return {
    policies: [...policies, ...extra.policies],
    waivers: extra.waivers,
    definitions: [...crds, ...extra.definitions],
    packs: [...new Set([...ofFormations, ...packs])],
    namespaces: [],
  };
}

function allowOf(formations: readonly Formation[]): Rules['allow'] {
  const blocks = formations.map(({ spec }) => spec.allow ?? {});
  return {
    namespaces: blocks.flatMap(({ namespaces = [] }) => namespaces),
    'cluster-scoped': blocks.flatMap(allow => allow['cluster-scoped'] ?? []),
  };
}

/** Labels of a namespace decide which policies look into it. */
function namespacesOf({ policies, stencils }: Repository) {
  return [...policies, ...(stencils as readonly SourceDocument[])]
    .map(({ value }) => value)
    .filter(isKubernetesObject)
    .filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Namespace');
}
