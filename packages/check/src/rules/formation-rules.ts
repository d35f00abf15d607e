import {
  type ChosenPack,
  type Formation,
  isJsonObject,
  type JsonValue,
  type SourceDocument,
  strictestPacks,
} from '@slipway/core';
import { isKubernetesObject, isNamespace, type KubernetesObject, kindKey } from '@slipway/kubernetes';
import type { FormationFile, Repository } from '@slipway/render';
import type { ExtraRules, RequestedRules } from './requested-rules.ts';
import type { Rules, RulesInForce } from './rules.ts';

/** The rules for one target: those of the checkout, and those of the base if it has the application. */
export function formationRules(
  file: FormationFile,
  namespace: string,
  { repository, base, before }: FormationContext,
  requested: RequestedRules,
): RulesInForce {
  const { spec } = file.formation;
  const { packs = [] } = requested;
  const own = rulesOf(repository, [file.formation], packs, requested.own);
  if (base === undefined || requested.base === undefined) return { own: { ...own, allow: spec.allow } };
  const formations = formationsBefore(file.formation, namespace, base);
  const rules = rulesOf(base, formations, packs, requested.base);
  // A new formation in a namespace that no other formation uses is judged by its own blocks.
  const blocks =
    formations.length === 0 ? { packs: own.packs, allow: spec.allow } : { allow: allowOf(formations) };
  const policies = [...rules.policies, ...parametersOf(rules.policies, before)];
  // The labels of a namespace decide which policies apply to it.
  const namespaces = [...policies.map(({ value }) => value), ...before]
    .filter(isKubernetesObject)
    .filter(isNamespace);
  return { own: { ...own, allow: spec.allow }, base: { ...rules, ...blocks, policies, namespaces } };
}

/** Where the rules of a formation come from, apart from its own file. */
export interface FormationContext {
  readonly repository: Repository;
  readonly base: Repository | undefined;
  /** What the base commit renders for the target. */
  readonly before: readonly KubernetesObject[];
}

/**
 * The formation as the base has it. A formation whose name the base does not have is judged by those that use its namespace there, so
 * that renaming a formation does not escape the rules.
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
  packs: readonly ChosenPack[],
  extra: ExtraRules,
): Rules {
  const ofFormations = formations.flatMap(({ spec }) => spec.policies?.packs ?? []);
  return {
    policies: [...policies, ...extra.policies],
    waivers: extra.waivers,
    definitions: [...crds, ...extra.definitions],
    packs: strictestPacks([...ofFormations, ...packs]),
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

/** Parameters of policies may be among the manifests: those of the base apply beside the pull request's version of them. */
function parametersOf(
  policies: readonly SourceDocument[],
  before: readonly KubernetesObject[],
): readonly SourceDocument[] {
  const kinds = new Set(policies.map(({ value }) => paramKindOf(value)));
  return before
    .filter(({ apiVersion, kind }) => kinds.has(kindKey({ apiVersion, kind })))
    .map((value): SourceDocument => {
      const at = { path: `${value.kind} ${value.metadata.name}`, line: 1, column: 1 };
      return { path: at.path, index: 0, value, positionOf: () => at, keyPositionOf: () => at };
    });
}

function paramKindOf(value: JsonValue): string | undefined {
  const spec = isJsonObject(value) ? value['spec'] : undefined;
  const { apiVersion, kind } =
    (isJsonObject(spec) && isJsonObject(spec['paramKind']) && spec['paramKind']) || {};
  return typeof apiVersion === 'string' ? kindKey({ apiVersion, kind: String(kind) }) : undefined;
}
