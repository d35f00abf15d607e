import { isDeepStrictEqual } from 'node:util';
import {
  API_VERSION,
  type Finding,
  type Formation,
  isJsonObject,
  type Position,
  quote,
  type SourceDocument,
} from '@slipway/core';
import { isKubernetesObject } from '@slipway/kubernetes';
import type { FormationFile } from '@slipway/render';
import { findingFor } from './finding-for.ts';
import type { Rules } from './rules.ts';

const HOLDS = 'the version of the base commit applies until this is merged';

/** What the rules will be once the pull request is merged: a notice for each change. */
export function ruleChanges(own: Rules, base: Rules): Finding[] {
  const documents = ({ policies, waivers, definitions }: Rules) =>
    new Map([...policies, ...waivers, ...definitions].map(document => [nameOf(document), document]));
  const [ours, theirs] = [documents(own), documents(base)];
  const names = [...new Set([...theirs.keys(), ...ours.keys()])];
  return names.flatMap(name => documentChange(name, ours.get(name), theirs.get(name)));
}

function nameOf({ value, path, index }: SourceDocument): string {
  if (isKubernetesObject(value)) return `${value.kind} ${quote(value.metadata.name)}`;
  const name = isJsonObject(value) && isJsonObject(value['metadata']) ? value['metadata']['name'] : undefined;
  return typeof name === 'string' ? `document ${quote(name)}` : `document ${index + 1} of ${quote(path)}`;
}

function documentChange(
  name: string,
  own: SourceDocument | undefined,
  base: SourceDocument | undefined,
): Finding[] {
  if (own === undefined && base !== undefined)
    return [
      change('removed', `${name} is removed; it applies until this is merged`, base.positionOf([]), [name]),
    ];
  if (own === undefined || isDeepStrictEqual(own.value, base?.value)) return [];
  if (base !== undefined)
    return [change('changed', `${name} is changed; ${HOLDS}`, own.positionOf([]), [name])];
  // An added policy applies at once. An added waiver does not, since it lifts a rule.
  return isWaiver(own)
    ? [change('added', `${name} is new; it applies once this is merged`, own.positionOf([]), [name])]
    : [];
}

function isWaiver({ value }: SourceDocument): boolean {
  return isJsonObject(value) && value['apiVersion'] === API_VERSION && value['kind'] === 'Waiver';
}

const BLOCKS = ['policies', 'allow', 'verify', 'strategy'] as const;

/** The same for the blocks of a formation that are rules. */
export function blockChanges({ formation, document }: FormationFile, base: Formation | undefined): Finding[] {
  if (base === undefined) return [];
  const name = quote(formation.metadata.name);
  return BLOCKS.filter(block => !isDeepStrictEqual(formation.spec[block], base.spec[block])).map(block =>
    change(
      'changed',
      `${quote(block)} of the formation ${name} is changed; ${HOLDS}`,
      document.keyPositionOf(['spec', block]),
      [formation.metadata.name, block],
    ),
  );
}

function change(
  what: 'removed' | 'changed' | 'added',
  message: string,
  at: Position,
  subject: readonly string[],
): Finding {
  return findingFor(`after-merge/${what}`, 'notice', { message: `after merge: ${message}`, at, subject });
}
