import { readFileSync } from 'node:fs';
import {
  type ChosenPack,
  didYouMean,
  isAtLeast,
  type PackLevel,
  type Problem,
  quote,
  type SourceDocument,
  textMap,
  throwIfAny,
} from '@slipway/core';
import { REPLACES, RULE, SINCE, UNTIL } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import type { PolicyErrorCode } from '../error-codes.ts';

/** Rules that are written in Kubernetes' policy language: a file beside the code. */
interface PackFile {
  /** What the names of its rules begin with, whichever pack they were chosen by. */
  readonly name: string;
  // Each is written out, because the bundler copies only files that it sees named, into one folder: no two have the same last name.
  readonly url: URL;
}

const baseline: PackFile = {
  name: 'pod-security/baseline',
  url: new URL('../../packs/pod-security/baseline.yaml', import.meta.url),
};
const restricted: PackFile = {
  name: 'pod-security/restricted',
  url: new URL('../../packs/pod-security/restricted.yaml', import.meta.url),
};
const workloadsBaseline: PackFile = {
  name: 'workloads',
  url: new URL('../../packs/workloads/workloads-baseline.yaml', import.meta.url),
};
const workloadsFull: PackFile = {
  name: 'workloads',
  url: new URL('../../packs/workloads/workloads-full.yaml', import.meta.url),
};

/** The rules that look at several objects are in TypeScript; see packs/references and packs/disruption.ts. */
export const REFERENCES = 'references';
export const WORKLOADS = 'workloads';
export const WORKLOADS_BASELINE = 'workloads/baseline';

const files: Readonly<Record<string, readonly PackFile[]>> = {
  // The stricter of two packs builds on the other: it requires what that does, and more.
  'pod-security/baseline': [baseline],
  'pod-security/restricted': [baseline, restricted],
  [WORKLOADS_BASELINE]: [workloadsBaseline],
  [WORKLOADS]: [workloadsBaseline, workloadsFull],
  [REFERENCES]: [],
};

export const PACKS: readonly string[] = Object.keys(files);

export interface Pack {
  readonly name: string;
  readonly level: PackLevel;
  readonly documents: readonly SourceDocument[];
}

/**
 * The policies of packs for a minor version of Kubernetes: each file once, with the strictest level of the packs that contain it.
 * @throws SlipwayError `unknown-pack` for each that does not exist
 */
export function readPacks(chosen: readonly ChosenPack[], minor: number): readonly Pack[] {
  requirePacks(chosen);
  const read = levelledFiles(chosen).map(([{ name, url }, level]) => ({
    name,
    level,
    documents: documentsOf({ name, url }).filter(document => applies(document, minor)),
  }));
  return read.map(({ name, level, documents }) => ({
    name,
    level,
    documents: withBindings(documents, replacedBy(read.filter(other => isAtLeast(other.level, level)))),
  }));
}

function levelledFiles(chosen: readonly ChosenPack[]): readonly (readonly [PackFile, PackLevel])[] {
  const levels = new Map<PackFile, PackLevel>();
  for (const { pack, level } of chosen)
    for (const file of files[pack] ?? []) {
      const known = levels.get(file);
      if (known === undefined || isAtLeast(level, known)) levels.set(file, level);
    }
  return [...levels];
}

/** The policies that stricter ones replace. */
function replacedBy(packs: readonly Pack[]): ReadonlySet<string> {
  return new Set(
    packs.flatMap(({ documents }) =>
      documents.flatMap(document => annotationOf(document, REPLACES)?.split(', ') ?? []),
    ),
  );
}

/** All documents of all files, whatever version of Kubernetes they are for. */
export function readPackDocuments(): readonly {
  /** What the names of its rules begin with. */
  readonly name: string;
  /** The smallest pack that contains it. */
  readonly pack: string;
  readonly documents: readonly SourceDocument[];
}[] {
  return [baseline, restricted, workloadsBaseline, workloadsFull].map(file => ({
    name: file.name,
    pack: PACKS.find(pack => files[pack]?.includes(file)) ?? file.name,
    documents: documentsOf(file),
  }));
}

function documentsOf({ name, url }: PackFile): SourceDocument[] {
  return parseDocuments(readFileSync(url, 'utf8'), `${name}.yaml`).filter(({ value }) => value !== null);
}

/** @throws SlipwayError `unknown-pack` with every name that is not one of a pack */
export function requirePacks(chosen: readonly ChosenPack[]): void {
  throwIfAny(chosen.filter(({ pack }) => !Object.hasOwn(files, pack)).map(({ pack }) => unknownPack(pack)));
}

function unknownPack(name: string): Problem<PolicyErrorCode> {
  const guess = didYouMean(name, PACKS);
  return {
    code: 'unknown-pack',
    message: `there is no pack ${quote(name)}`,
    remedy: guess === '' ? `use ${PACKS.join(', ')}` : guess,
  };
}

function annotationOf({ value }: SourceDocument, name: string): string | undefined {
  const metadata = (value as { metadata?: { annotations?: never } }).metadata;
  return textMap(metadata?.annotations)[name];
}

function nameOf({ value }: SourceDocument): string {
  return String((value as { metadata?: { name?: unknown } }).metadata?.name);
}

/** `slipway.dev/since` and `slipway.dev/until` name the first and the last minor version that a policy is for. */
function applies(document: SourceDocument, minor: number): boolean {
  const [since, until] = [SINCE, UNTIL].map(name => annotationOf(document, name)?.replace(/^1\./, ''));
  return Number(since ?? 0) <= minor && minor <= Number(until ?? Number.POSITIVE_INFINITY);
}

/** The policies that no stricter one replaces, with their bindings. */
function withBindings(documents: readonly SourceDocument[], replaced: ReadonlySet<string>): SourceDocument[] {
  const kindOf = ({ value }: SourceDocument): unknown => (value as { kind?: unknown }).kind;
  const policies = documents.filter(
    document =>
      kindOf(document) === 'ValidatingAdmissionPolicy' &&
      !replaced.has(annotationOf(document, RULE) ?? nameOf(document)),
  );
  const names = new Set(policies.map(nameOf));
  const bindings = documents.filter(
    document => kindOf(document) === 'ValidatingAdmissionPolicyBinding' && names.has(nameOf(document)),
  );
  return [...policies, ...bindings];
}
