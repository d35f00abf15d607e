import { API_VERSION, type JsonObject, type JsonValue } from '@slipway/core';
import { stringifyYaml, type ValueComments } from '@slipway/yaml';
import type { ProposedFormation } from '../proposal/contribution.ts';
import { guessed } from './application-yaml.ts';

/** The text of `formations/<name>.yaml`. */
export function formationYaml(formation: ProposedFormation): string {
  const { name, namespace, guess, promotedFrom, kubernetes } = formation;
  const comments = new Map<string, ValueComments>();
  if (guess !== undefined) comments.set('/spec/destinations/main/namespace', guessed(guess));
  if (promotedFrom !== undefined)
    comments.set('/spec/promoted-from', guessed(`by its name, ${name} is what comes after ${promotedFrom}`));
  if (kubernetes !== undefined)
    comments.set('/spec/kubernetes', guessed('the version of your cluster, which the chart is rendered for'));
  const value = {
    apiVersion: API_VERSION,
    kind: 'Formation',
    metadata: { name },
    spec: specOf(formation, namespace),
  };
  return stringifyYaml(value, comments);
}

function specOf(formation: ProposedFormation, namespace: string): JsonObject {
  const { name, promotedFrom, kubernetes, stencils, sources, patches, packs, allow } = formation;
  const spec: Readonly<Record<string, JsonValue | undefined>> = {
    'promoted-from': promotedFrom,
    kubernetes,
    stencils: stencils === undefined ? undefined : { include: [...stencils] },
    sources: sources as JsonValue | undefined,
    destinations: { main: { namespace, environment: name } },
    patches: patches === undefined ? undefined : [...patches],
    policies: packs === undefined ? undefined : { packs: [...packs] },
    allow,
    verify: { 'stable-for': '30s', timeout: '5m', 'on-failure': 'rollback' },
  };
  return Object.fromEntries(
    Object.entries(spec).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}
