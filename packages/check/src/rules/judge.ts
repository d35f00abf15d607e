import { isDeepStrictEqual } from 'node:util';
import type { Finding, SourceDocument } from '@slipway/core';
import { isKubernetesObject } from '@slipway/kubernetes';
import { type CheckRequest, check } from '@slipway/policy';
import { holdBoth } from './hold-both.ts';
import type { Rules, RulesInForce } from './rules.ts';

/** What is checked, without the rules that it is checked by. */
export type Subjects = Omit<
  CheckRequest,
  'policies' | 'waivers' | 'customResources' | 'packs' | 'namespaces' | 'allow'
>;

/** The findings that the rules in force make about the objects. */
export async function judge(subjects: Subjects, { own, base }: RulesInForce): Promise<readonly Finding[]> {
  const found = await check({ ...subjects, ...requestOf(own) });
  if (base === undefined || isDeepStrictEqual(contentOf(own), contentOf(base))) return found;
  return holdBoth(found, await check({ ...subjects, ...requestOf(base) }));
}

function requestOf({ policies, waivers, definitions, packs, namespaces }: Rules) {
  const customResources = valuesOf(definitions).filter(isKubernetesObject);
  return { policies, waivers, packs, namespaces, customResources };
}

function contentOf({ policies, waivers, definitions, ...rest }: Rules): unknown {
  return [valuesOf(policies), valuesOf(waivers), valuesOf(definitions), rest];
}

function valuesOf(documents: readonly SourceDocument[]): unknown[] {
  return documents.map(({ value }) => value);
}
