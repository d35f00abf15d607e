import type { CheckManifestsRequest } from '@slipway/check';
import { type ChosenPack, defined } from '@slipway/core';
import type { InputReader } from '@slipway/github';
import { readPacks } from './packs.ts';

/** By which rules manifests are checked. */
export type RuleInputs = Pick<
  CheckManifestsRequest,
  'policies' | 'packs' | 'namespace' | 'kubernetesVersion' | 'crds' | 'waivers' | 'failOn'
>;

/** What packages/policy knows of rules. It is given, so that actions that check nothing do not load that package. */
export interface KnownRules {
  /** The versions of Kubernetes with schemas. */
  readonly KUBERNETES_VERSIONS: readonly string[];
  /** `1.34` of `v1.34.2`; undefined if the text is not a version. */
  minorVersionOf(text: string): string | undefined;
  /** @throws SlipwayError with every name that is not one of a pack */
  requirePacks(chosen: readonly ChosenPack[]): void;
}

export function readRuleInputs(reader: InputReader, known: KnownRules): RuleInputs {
  const version = reader.text('kubernetes-version');
  const minor = known.minorVersionOf(version);
  if (version !== '' && minor === undefined)
    reader.problem(
      'kubernetes-version',
      'is not a Kubernetes version',
      `write it as 1.34; there are schemas of ${known.KUBERNETES_VERSIONS.join(', ')}`,
    );
  const packs = readPacks(reader);
  reader.parse('packs', () => known.requirePacks(packs ?? []));
  return {
    policies: reader.list('policies'),
    namespace: reader.text('namespace') || 'default',
    ...defined({ packs, kubernetesVersion: minor }),
    crds: reader.list('crds'),
    waivers: reader.list('waivers'),
    failOn: reader.choice('fail-on', ['error', 'warning'], 'error'),
  };
}
