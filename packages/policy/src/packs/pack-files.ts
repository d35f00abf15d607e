import { readFileSync } from 'node:fs';
import { didYouMean, quote, SlipwayError, type SourceDocument, textMap } from '@slipway/core';
import { REPLACES, RULE, SINCE, UNTIL } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import type { PolicyErrorCode } from '../error-codes.ts';

/** A pack that is written in Kubernetes' policy language: a file beside the code. */
interface PackFile {
  readonly name: string;
  // Each is written out, because the bundler copies only files that it sees named.
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
const workloads: PackFile = {
  name: 'workloads',
  url: new URL('../../packs/workloads.yaml', import.meta.url),
};

/** The rules that look at several objects are in TypeScript; see packs/references and packs/disruption.ts. */
export const REFERENCES = 'references';
export const WORKLOADS = workloads.name;

const files: Readonly<Record<string, readonly PackFile[]>> = {
  'pod-security/baseline': [baseline],
  // The levels build on each other: restricted requires what baseline does, and more.
  'pod-security/restricted': [baseline, restricted],
  workloads: [workloads],
  [REFERENCES]: [],
};

export const PACKS: readonly string[] = Object.keys(files);

export interface Pack {
  readonly name: string;
  readonly documents: readonly SourceDocument[];
}

/**
 * The policies of packs for a minor version of Kubernetes, each file once.
 * @throws SlipwayError `unknown-pack`
 */
export function readPacks(names: readonly string[], minor: number): readonly Pack[] {
  const unknown = names.find(name => !Object.hasOwn(files, name));
  if (unknown !== undefined) throw unknownPack(unknown);
  const chosen = new Set(names.flatMap(name => files[name] ?? []));
  const read = [...chosen].map(({ name, url }) => ({
    name,
    documents: parseDocuments(readFileSync(url, 'utf8'), `${name}.yaml`).filter(document =>
      applies(document, minor),
    ),
  }));
  const replaced = new Set(
    read.flatMap(({ documents }) =>
      documents.flatMap(document => annotationOf(document, REPLACES)?.split(', ') ?? []),
    ),
  );
  return read.map(({ name, documents }) => ({ name, documents: withBindings(documents, replaced) }));
}

/** All documents of all files, whatever version of Kubernetes they are for. */
export function readPackDocuments(): readonly (readonly [
  pack: string,
  documents: readonly SourceDocument[],
])[] {
  return [baseline, restricted, workloads].map(({ name, url }) => [
    name,
    parseDocuments(readFileSync(url, 'utf8'), `${name}.yaml`).filter(({ value }) => value !== null),
  ]);
}

function unknownPack(name: string): SlipwayError<PolicyErrorCode> {
  const guess = didYouMean(name, PACKS);
  return new SlipwayError<PolicyErrorCode>({
    code: 'unknown-pack',
    message: `there is no pack ${quote(name)}`,
    remedy: guess === '' ? `use ${PACKS.join(', ')}` : guess,
  });
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
  if (document.value === null) return false;
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
