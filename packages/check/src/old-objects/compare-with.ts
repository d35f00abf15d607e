import { type Finding, formatPosition, type Problem, SlipwayError } from '@slipway/core';
import { isKubernetesObject, type KubernetesObject, keyOf } from '@slipway/kubernetes';
import type { CheckedObject } from '@slipway/policy';
import type { ManifestObject } from '@slipway/render';
import type { BaselineChoice } from '../request/request.ts';
import { findingFor, type Said } from '../rules/finding-for.ts';
import type { RulesInForce } from '../rules/rules.ts';
import type { Baseline, BaselineQuery, OldObjects } from './baseline.ts';

export interface Comparison {
  /** What change policies see as the old objects. */
  readonly old: OldObjects;
  /** All objects that packs of the level `new` compare with, none if they cannot be read; absent if nothing is compared. */
  readonly before?: readonly KubernetesObject[];
  /** What could not be compared. */
  readonly findings: readonly Finding[];
}

export interface Baselines {
  /** What change policies compare with; undefined if nothing is compared. */
  readonly baseline: Baseline | undefined;
  /** The base commit, whose Namespaces and parameters apply. */
  readonly ofBase: Baseline | undefined;
}

const NOTHING: OldObjects = new Map();

/**
 * Reads the objects as they were before. Packs of the level `new` compare with the base commit where the baseline does not have all
 * objects: rules about several objects, such as a Service and its pods, need the others too.
 */
export async function compare(
  { baseline, ofBase }: Baselines,
  { kind }: BaselineChoice,
  query: BaselineQuery,
  rules: RulesInForce,
): Promise<Comparison> {
  const [changes, packs] = [looksBack(rules), hasNewPacks(rules)];
  const isWhole = kind === 'base' || kind === 'path-or-revision';
  const { old, findings } = await compareWith({ baseline, kind }, query, {
    changes,
    packs: isWhole && packs,
  });
  if (!packs) return { old, findings };
  if (isWhole) return { old, findings, ...beforeOf(baseline, old) };
  const whole = await compareWith({ baseline: ofBase, kind: 'base' }, query, { changes: false, packs });
  return { old, findings: [...findings, ...whole.findings], ...beforeOf(ofBase, whole.old) };
}

function beforeOf(baseline: Baseline | undefined, old: OldObjects): Pick<Comparison, 'before'> {
  return baseline === undefined ? {} : { before: [...old.values()] };
}

/** What asks for the earlier state of the objects. */
interface Askers {
  readonly changes: boolean;
  /** Packs of the level `new`. */
  readonly packs: boolean;
}

/**
 * If the objects cannot be read, that is an error where a rule needs them, since a change that was not compared must not pass as no
 * change; otherwise it is a notice.
 */
async function compareWith(
  { baseline, kind }: { readonly baseline: Baseline | undefined } & Pick<BaselineChoice, 'kind'>,
  query: BaselineQuery,
  { changes, packs }: Askers,
): Promise<Pick<Comparison, 'old' | 'findings'>> {
  if (baseline === undefined) return { old: NOTHING, findings: [] };
  try {
    const old = await baseline(query);
    const isMissing = query.rendered === undefined && old?.size === 0 && (changes || packs);
    return { old: old ?? NOTHING, findings: isMissing ? [notFound()] : [] };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const severity = changes || packs ? 'error' : 'notice';
    const consequence = packs ? ', so all that packs of the level "new" find counts as new' : '';
    const findings = error.problems.map(({ code, subject, ...problem }) =>
      findingFor('baseline/unreadable', severity, {
        ...(kind === 'base' ? inBase(problem, consequence) : inBaseline(problem, consequence)),
        subject: [code, problem.at?.path ?? '', subject ?? ''],
      }),
    );
    return { old: NOTHING, findings };
  }
}

function inBaseline(problem: Omit<Problem, 'code' | 'subject'>, consequence: string): Omit<Said, 'subject'> {
  const message = `the objects to compare with cannot be read${consequence}: ${problem.message}`;
  return { ...problem, message };
}

/** The position is one of the base commit: the same line of the checkout is another one, and may be what fixes it. */
function inBase(
  { at, message: what }: Omit<Problem, 'code' | 'subject'>,
  consequence: string,
): Omit<Said, 'subject'> {
  const where = at === undefined ? '' : `${formatPosition(at)}: `;
  return {
    message: `the objects of the base commit cannot be read${consequence}: ${where}${what}`,
    remedy: 'fix that on the base branch, unless this pull request does',
  };
}

/**
 * All that the base commit has, nothing if it does not have the target; undefined without a base commit, or if that cannot be read,
 * since the rules of a base that cannot be rendered apply all the same.
 */
export async function readBefore(
  ofBase: Baseline | undefined,
  query: BaselineQuery,
): Promise<OldObjects | undefined> {
  try {
    return ofBase && ((await ofBase(query)) ?? NOTHING);
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

function notFound(): Finding {
  return findingFor('baseline/empty', 'warning', {
    message:
      'the base commit has none of these manifests, so change policies, and packs of the level "new", treat every object as new',
    remedy: 'set "baseline" to manifests that were made from the base, or to cluster',
    subject: [],
  });
}

function hasNewPacks({ own, base }: RulesInForce): boolean {
  return [own, base].some(rules => rules?.packs.some(({ level }) => level === 'new'));
}

/** Whether a policy or a transition rule reads the old object: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/ */
function looksBack({ own, base }: RulesInForce): boolean {
  return [own, base].some(rules =>
    [...(rules?.policies ?? []), ...(rules?.definitions ?? [])]
      .filter(({ value }) => isKubernetesObject(value))
      .some(({ value }) => /\bold(?:Object|Self)\b/.test(JSON.stringify(value, withoutBigInts))),
  );
}

function withoutBigInts(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** The manifests, each with the object as it was before. */
export function withOld(
  objects: readonly ManifestObject[],
  old: OldObjects,
  namespace: string,
): readonly CheckedObject[] {
  if (old.size === 0) return objects;
  return objects.map((manifest): CheckedObject => {
    const before = old.get(keyOf(manifest.object, namespace));
    if (before === undefined) return manifest;
    return {
      get object() {
        return manifest.object;
      },
      reference: manifest.reference,
      old: before,
      positionAt: pointer => manifest.positionAt(pointer),
      relatedTo: pointer => manifest.relatedTo(pointer),
    };
  });
}
