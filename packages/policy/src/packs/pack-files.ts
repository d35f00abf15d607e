import { readFileSync } from 'node:fs';
import {
  type ChosenPack,
  didYouMean,
  isAtLeast,
  type PackLevel,
  type Problem,
  quote,
  throwIfAny,
} from '@slipway/core';
import { annotationsOf, type KubernetesObject, REPLACES, RULE, SINCE, UNTIL } from '@slipway/kubernetes';
import type { PolicyErrorCode } from '../error-codes.ts';
import { BINDING, POLICY } from '../resources/kinds.ts';
import { readBindingSpec } from '../resources/read-spec.ts';

/**
 * The policies of all packs as JSON, which `npm run docs` derives from the files of YAML beside it, since those take longer to read at
 * every start.
 */
const url = new URL('../../packs/policies.json', import.meta.url);

/** Rules that are written in Kubernetes' policy language: a file of packs/, without its ending. */
interface PackFile {
  /** What the names of its rules begin with, whichever pack they were chosen by. */
  readonly name: string;
  readonly file: string;
}

const baseline: PackFile = { name: 'pod-security/baseline', file: 'pod-security/baseline' };
const restricted: PackFile = { name: 'pod-security/restricted', file: 'pod-security/restricted' };
const workloadsBaseline: PackFile = { name: 'workloads', file: 'workloads/workloads-baseline' };
const workloadsFull: PackFile = { name: 'workloads', file: 'workloads/workloads-full' };

export const PACK_FILES: readonly string[] = [baseline, restricted, workloadsBaseline, workloadsFull].map(
  ({ file }) => file,
);

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
  readonly policies: readonly PackPolicy[];
}

/** A policy with the bindings that name it. */
export interface PackPolicy {
  readonly object: KubernetesObject;
  readonly bindings: readonly KubernetesObject[];
}

/**
 * The policies of packs for a minor version of Kubernetes: each file once, with the strictest level of the packs that contain it.
 * @throws SlipwayError `unknown-pack` for each that does not exist
 */
export function readPacks(chosen: readonly ChosenPack[], minor: number): readonly Pack[] {
  requirePacks(chosen);
  const objects = readObjects();
  const read = levelledFiles(chosen).map(([{ name, file }, level]) => ({
    name,
    level,
    objects: (objects[file] ?? []).filter(object => applies(object, minor)),
  }));
  return read.map(({ name, level, objects: own }) => ({
    name,
    level,
    policies: withBindings(own, replacedBy(read.filter(other => isAtLeast(other.level, level)))),
  }));
}

function readObjects(): Readonly<Record<string, readonly KubernetesObject[]>> {
  return JSON.parse(readFileSync(url, 'utf8'));
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
function replacedBy(
  packs: readonly { readonly objects: readonly KubernetesObject[] }[],
): ReadonlySet<string> {
  return new Set(
    packs.flatMap(({ objects }) =>
      objects.flatMap(object => annotationsOf(object)[REPLACES]?.split(', ') ?? []),
    ),
  );
}

/** All objects of all files, whatever version of Kubernetes they are for. */
export function readPackObjects(): readonly {
  /** What the names of its rules begin with. */
  readonly name: string;
  /** The smallest pack that contains it. */
  readonly pack: string;
  readonly objects: readonly KubernetesObject[];
}[] {
  const objects = readObjects();
  return [baseline, restricted, workloadsBaseline, workloadsFull].map(file => ({
    name: file.name,
    pack: PACKS.find(pack => files[pack]?.includes(file)) ?? file.name,
    objects: objects[file.file] ?? [],
  }));
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

/** `slipway.dev/since` and `slipway.dev/until` name the first and the last minor version that a policy is for. */
function applies(object: KubernetesObject, minor: number): boolean {
  const [since, until] = [SINCE, UNTIL].map(name => annotationsOf(object)[name]?.replace(/^1\./, ''));
  return Number(since ?? 0) <= minor && minor <= Number(until ?? Number.POSITIVE_INFINITY);
}

/** The policies that no stricter one replaces, with their bindings. */
function withBindings(objects: readonly KubernetesObject[], replaced: ReadonlySet<string>): PackPolicy[] {
  return objects
    .filter(
      object => object.kind === POLICY && !replaced.has(annotationsOf(object)[RULE] ?? object.metadata.name),
    )
    .map(object => ({
      object,
      bindings: objects.filter(other => other.kind === BINDING && policyOf(other) === object.metadata.name),
    }));
}

function policyOf(binding: KubernetesObject): string | undefined {
  return readBindingSpec(binding).policyName;
}
