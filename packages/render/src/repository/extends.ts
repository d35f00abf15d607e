import {
  defined,
  type Formation,
  nearest,
  type Problem,
  quote,
  type SourceDocument,
  strictestPacks,
  valueAt,
} from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { FormationFile } from './repository.ts';

type Report = (problem: Problem<RenderErrorCode>) => void;
type Written = Pick<FormationFile, 'formation' | 'document'>;

/**
 * Each formation merged with the ones that it extends. A formation that extends a broken or missing one or, directly or indirectly,
 * itself is left out, with a problem.
 */
export function resolveExtends(
  written: ReadonlyMap<string, Written>,
  report: Report,
): Map<string, FormationFile> {
  const resolved = new Map<string, FormationFile>();
  for (const [name, file] of written) {
    const chain = chainOf(file, written, report);
    if (chain !== undefined) resolved.set(name, withBases(chain));
  }
  for (const [name, { formation, document }] of resolved) {
    if (Object.keys(formation.spec.destinations).length === 0 && !isExtended(name, resolved))
      report({
        code: 'destinations-missing',
        at: document.keyPositionOf(['spec']),
        message: `the formation ${quote(name)} has no destinations, and no other formation extends it`,
        remedy: 'add spec.destinations, or set spec.extends in the formation that builds on it',
      });
    if (formation.spec['promoted-from'] === name) report(promotedFromItself(name, document));
    if (isSoakAlone(formation)) report(soakAlone(name, document));
  }
  return resolved;
}

function isExtended(name: string, files: ReadonlyMap<string, FormationFile>): boolean {
  return [...files.values()].some(({ bases }) => bases.some(base => base.formation.metadata.name === name));
}

/** The formation, the one that it extends, the one that that extends, and so on. */
function chainOf(
  file: Written,
  written: ReadonlyMap<string, Written>,
  report: Report,
): Written[] | undefined {
  const chain: Written[] = [];
  for (let current: Written | undefined = file; current !== undefined; ) {
    chain.push(current);
    const base: string | undefined = current.formation.spec.extends;
    if (base === undefined) return chain;
    const next = written.get(base);
    if (next === undefined) {
      // Only the formation that names the missing one reports it, not those that extend that formation.
      if (current === file) report(unknownBase(base, file, otherNames(file, written)));
      return undefined;
    }
    const start = chain.indexOf(next);
    if (start >= 0) {
      if (file === firstOf(chain.slice(start))) report(circle(chain.slice(start), file));
      return undefined;
    }
    current = next;
  }
  return undefined;
}

/** A circle is one mistake, so only one of its formations reports it, in whatever order they are visited. */
function firstOf(circular: readonly Written[]): Written | undefined {
  return [...circular].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))[0];
}

function withBases([file, ...bases]: readonly Written[]): FormationFile {
  if (file === undefined) throw new TypeError('a chain contains at least its own formation');
  if (bases.length === 0) return { ...file, bases: [] };
  const base = withBases(bases);
  return { ...file, formation: merged(base.formation, file.formation), bases: [base, ...base.bases] };
}

/**
 * Selection, patches, sources, labels and prefix are not merged here: each file keeps its own, and they are applied in order.
 * Destinations and waves are never inherited: where a formation goes is written in its own file.
 */
function merged(base: Formation, own: Formation): Formation {
  const { kubernetes, soak, policies, allow, verify, strategy } = base.spec;
  const { 'promoted-from': promotedFrom, 'head-sign-off': headSignOff } = base.spec;
  const packs = strictestPacks([...(policies?.packs ?? []), ...(own.spec.policies?.packs ?? [])]);
  const spec = {
    ...defined({ kubernetes, soak, strategy }),
    ...defined({ 'promoted-from': promotedFrom, 'head-sign-off': headSignOff }),
    ...own.spec,
    ...(packs.length === 0 ? {} : { policies: { ...policies, ...own.spec.policies, packs } }),
    ...(allow === undefined ? {} : { allow: { ...allow, ...own.spec.allow } }),
    ...(verify === undefined ? {} : { verify: { ...verify, ...own.spec.verify } }),
  };
  return { ...own, spec };
}

/** The formations that a formation may extend without extending itself. */
function otherNames(file: Written, written: ReadonlyMap<string, Written>): string[] {
  return [...written.keys()].filter(name => name !== nameOf(file));
}

function nameOf({ formation }: Written): string {
  return formation.metadata.name;
}

function unknownBase(
  base: string,
  { document }: Written,
  known: readonly string[],
): Problem<RenderErrorCode> {
  const candidate = nearest(base, known);
  const choice = known.length === 0 ? 'remove extends' : `choose one of ${known.join(', ')}`;
  return {
    code: 'extends-unknown',
    at: document.positionOf(['spec', 'extends']),
    message: `the formation ${quote(base)}, which this one extends, does not exist`,
    remedy: candidate === undefined ? choice : `did you mean ${quote(candidate)}?`,
  };
}

function circle(circular: readonly Written[], { document }: Written): Problem<RenderErrorCode> {
  const names = [...circular.slice(circular.findIndex(file => file.document === document)), ...circular];
  const shown = names.slice(0, circular.length).map(nameOf);
  return {
    code: 'extends-circular',
    at: document.positionOf(['spec', 'extends']),
    message: `the formation extends itself: ${[...shown, shown[0] ?? ''].join(' extends ')}`,
    remedy: 'remove extends from one of them',
  };
}

function promotedFromItself(name: string, document: SourceDocument): Problem<RenderErrorCode> {
  const isWritten = valueAt(document.value, ['spec', 'promoted-from']) !== undefined;
  return {
    code: 'promotion-circular',
    at: document.positionOf(['spec', isWritten ? 'promoted-from' : 'extends']),
    message: `the formation ${quote(name)} accepts only snapshots that passed in ${quote(name)} itself, so it could never be deployed`,
    remedy: 'name another formation in promoted-from, or extend a formation that does not set it',
  };
}

/** One that is only extended may leave promoted-from to those that extend it. */
function isSoakAlone({ spec }: Formation): boolean {
  const { soak, 'promoted-from': promotedFrom, destinations } = spec;
  return soak !== undefined && promotedFrom === undefined && Object.keys(destinations).length > 0;
}

function soakAlone(name: string, document: SourceDocument): Problem<RenderErrorCode> {
  return {
    code: 'soak-alone',
    at: document.positionOf(['spec', 'soak']),
    message: `the formation ${quote(name)} has soak, and no promoted-from whose verdicts could be waited for`,
    remedy: 'add promoted-from, or remove soak',
  };
}
