import { type JsonValue, valueAt } from '@slipway/core';
import { apiGroup, isBuiltIn } from '@slipway/kubernetes';
import type { Repository } from '../repository/repository.ts';
import type { MergeRules } from './added-values.ts';
import { builtInListKeys, definedListKeys, isMergedSet } from './merge-keys.ts';

/** Returns the rules by which patches are merged into objects of a kind. */
export type RulesFor = (apiVersion: string, kind: string) => Omit<MergeRules, 'report'>;

/**
 * Kubernetes' own kinds are merged strategically, and so are custom resources that the repository defines, by the list keys of their
 * schema. All others are merged as JSON (RFC 7386), since the meaning of their lists is not known.
 */
export function mergeRulesOf({ crds }: Repository): RulesFor {
  return (apiVersion, kind) => {
    if (isBuiltIn(apiVersion))
      return {
        listKeys: path => builtInListKeys({ apiVersion, kind }, path),
        isSet: isMergedSet,
        hasDirectives: true,
      };
    const schema = crds
      .map(({ value }) => schemaIn(value, apiVersion, kind))
      .find(found => found !== undefined);
    return schema === undefined
      ? { listKeys: () => undefined, isSet: () => false, hasDirectives: false }
      : { listKeys: path => definedListKeys(schema, path), isSet: isMergedSet, hasDirectives: true };
  };
}

function schemaIn(definition: JsonValue, apiVersion: string, kind: string): JsonValue | undefined {
  const isIt =
    valueAt(definition, ['spec', 'group']) === apiGroup(apiVersion) &&
    valueAt(definition, ['spec', 'names', 'kind']) === kind;
  const versions = valueAt(definition, ['spec', 'versions']);
  if (!isIt || !Array.isArray(versions)) return undefined;
  const version = versions.find(({ name }) => `${apiGroup(apiVersion)}/${name}` === apiVersion);
  return valueAt(version ?? null, ['schema', 'openAPIV3Schema']);
}
