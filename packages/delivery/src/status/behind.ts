import { type Behind, type ConfigBehind, defined, type LiveRelease } from '@slipway/core';
import type { FoundFormation } from '../formation/found-formation.ts';
import type { CommitHistory, CommitRange, CommitsBetween } from './history.ts';
import { type PassedThere, passedIn } from './passed.ts';
import type { BehindFound, PassedSnapshot, SeenDestination, StatusRegistry } from './seen.ts';

/** How far each destination is behind the formation that it is promoted from. GitHub is asked once for each formation. */
export async function findBehind(
  seen: readonly SeenDestination[],
  registry: StatusRegistry | undefined,
  history: CommitHistory,
): Promise<readonly BehindFound[]> {
  const found = new Map<SeenDestination, BehindFound>();
  const formations = Map.groupBy(seen, ({ target }) => target.identity.formation);
  for (const group of formations.values()) {
    const [first] = group;
    const from = first?.target.checkout?.formation.spec['promoted-from'];
    if (from === undefined) continue;
    const passed = await passedIn(from, seen, first, registry);
    const answers =
      typeof passed === 'string'
        ? group.map((): BehindFound => ({ unknown: passed }))
        : await compareAll(group, from, passed, history);
    for (const [index, one] of group.entries()) found.set(one, answers[index] ?? {});
  }
  return seen.map(one => found.get(one) ?? {});
}

/** A destination's release beside what succeeded, and the commits that GitHub is asked for. */
interface Comparison {
  readonly live: LiveRelease;
  /** Undefined where there is nothing to count: both have the same commit, or one is not known. */
  readonly images: CommitRange | undefined;
  readonly config: CommitRange | undefined;
}

async function compareAll(
  group: readonly SeenDestination[],
  from: string,
  { snapshot, unknown }: PassedThere,
  history: CommitHistory,
): Promise<readonly BehindFound[]> {
  const comparisons = group.map(({ live, target }) => live && comparisonOf(live, snapshot, target));
  const asked = comparisons.flatMap(one => [one?.images, one?.config]).filter(range => range !== undefined);
  const answers = asked.length === 0 ? [] : await history.between(asked);
  const answerTo = (range: CommitRange | undefined): CommitsBetween | undefined =>
    range === undefined || typeof answers === 'string' ? undefined : answers[asked.indexOf(range)];
  return comparisons.map((one): BehindFound => {
    if (one === undefined) return defined({ unknown });
    const images = imagesOf(one, from, snapshot, answerTo(one.images));
    const config = configOf(one, snapshot, answerTo(one.config));
    const isBehind = images.isBehind || config?.isBehind === true;
    const uncounted = [one.images, one.config].filter(range => range && answerTo(range) === undefined);
    return {
      behind: { ...images, isBehind, ...defined({ config }) },
      limits: [...limitsOf(uncounted, answers), ...unnoted(one.live, snapshot)],
      ...defined({ unknown }),
    };
  });
}

function comparisonOf(live: LiveRelease, passed: PassedSnapshot, target: FoundFormation): Comparison {
  const isSame = live.deploymentTag === passed.deploymentTag;
  return {
    live,
    images: isSame ? undefined : rangeOf(live.commit, passed.commit, 'repository'),
    config: rangeOf(live.configCommit, passed.configCommit, configWithin(target)),
  };
}

function rangeOf(
  from: string | undefined,
  to: string | undefined,
  within: CommitRange['within'],
): CommitRange | undefined {
  return from === undefined || to === undefined || from === to ? undefined : { from, to, within };
}

/** A chart, a Kustomize directory or a shared folder may be anywhere in the repository, so that every commit may change it. */
function configWithin({ checkout }: FoundFormation): CommitRange['within'] {
  if (checkout === undefined) return 'repository';
  const { sharedDirectories, formationFiles } = checkout.repository;
  const files = [...formationFiles.values()].flatMap(file => [file, ...file.bases]);
  const hasSources = files.some(({ formation }) => formation.spec.sources !== undefined);
  return sharedDirectories.length > 0 || hasSources ? 'repository' : 'application';
}

function imagesOf(
  { live }: Comparison,
  formation: string,
  { deploymentTag, commit }: PassedSnapshot,
  between: CommitsBetween | undefined,
): Behind {
  const isSame = live.deploymentTag === deploymentTag;
  return {
    formation,
    isBehind: !isSame && between?.count !== 0,
    ...defined({ deploymentTag, commit }),
    ...(isSame ? { count: 0 } : countedIn(between)),
  };
}

/** Undefined where either commit is not known. */
function configOf(
  { live, config }: Comparison,
  { configCommit: commit }: PassedSnapshot,
  between: CommitsBetween | undefined,
): ConfigBehind | undefined {
  if (commit === undefined || live.configCommit === undefined) return undefined;
  if (config === undefined) return { commit, isBehind: false, count: 0 };
  return { commit, isBehind: between?.count !== 0, ...countedIn(between) };
}

type Counted = Pick<Behind, 'count' | 'isMore' | 'commits' | 'pulls'>;

function countedIn(between: CommitsBetween | undefined): Counted {
  if (between === undefined) return {};
  const { count, isMore, commits, pulls } = between;
  if (count === 0) return { count };
  return { count, ...(isMore ? { isMore } : {}), commits: [...commits], pulls: [...pulls] };
}

/** Why commits were not counted, once for each reason. */
function limitsOf(
  uncounted: readonly (CommitRange | undefined)[],
  answers: readonly unknown[] | string,
): readonly string[] {
  const reasons = uncounted.map(range => (typeof answers === 'string' ? answers : notThere(range)));
  return [...new Set(reasons)].map(reason => `commits were not counted: ${reason}`);
}

function notThere(range: CommitRange | undefined): string {
  const folder = range?.within === 'application' ? ', or not with the folder of the application' : '';
  return `GitHub does not have ${range?.from} and ${range?.to}${folder}`;
}

/** A release without a commit of configuration may be behind in it. */
function unnoted(live: LiveRelease, { configCommit }: PassedSnapshot): readonly string[] {
  if (configCommit === undefined || live.configCommit !== undefined) return [];
  return ['the commit of the live configuration is not noted, so it is not compared'];
}
