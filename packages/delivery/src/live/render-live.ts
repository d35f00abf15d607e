import { excerpt, formatPosition, SlipwayError } from '@slipway/core';
import { type RenderedAgain, type RenderedDestination, renderReleased, shortId } from '@slipway/render';
import type { DesiredState } from '../desired/desired-state.ts';
import type { Checkout } from '../formation/checkout.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import type { LiveRelease } from './read-live.ts';

/** Characters of a reason, parts of which others may have written. */
const MAX_REASON = 300;

/** A rendered tree and its files. */
export type DesiredTree = DesiredState & { readonly checkout: Checkout };

export type LiveSurroundings = Pick<
  DeliverySurroundings,
  'workspace' | 'temporaryDirectory' | 'environment' | 'exec' | 'commits' | 'earlier' | 'openRegistry'
>;

export type LiveRendering = RenderedAgain | { readonly why: string };

/** Renders what is live from its commit; what is wrong with that commit is why it is not known. */
export async function renderLive(
  live: LiveRelease,
  { identity, checkout }: Pick<DesiredTree, 'identity' | 'checkout'>,
  application: string,
  surroundings: LiveSurroundings,
): Promise<LiveRendering> {
  const { formation, destination = '' } = identity;
  const { commits, earlier, workspace, temporaryDirectory, environment, exec } = surroundings;
  const { snapshot, revision, digest, configFrom, sharedRevisions = {} } = live;
  try {
    return await renderReleased(
      {
        ...{ target: { formation, destination }, snapshot, revision, digest, application },
        sharedRevisions,
        isPromoted: checkout.formation.spec['promoted-from'] !== undefined && configFrom === undefined,
        checkout: checkout.repository,
        head: await commits.head(),
      },
      { ...earlier, isContained: commit => commits.isContained(commit) },
      { workspace, temporaryDirectory, environment, exec },
    );
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const [{ at, message }] = error.problems;
    const what = at === undefined ? message : `${formatPosition(at)}: ${message}`;
    return { why: `release ${live.release} cannot be rendered again: ${excerpt(what, MAX_REASON)}` };
  }
}

/** Why a release that was rendered again may not be what is live, and what is not known for that; none if it has the same digest. */
export function notReproduced(
  live: LiveRelease,
  { rendering, isSame }: RenderedAgain,
  { sharedRevisions = {}, checkout }: Pick<DesiredTree, 'sharedRevisions' | 'checkout'>,
): readonly string[] {
  if (isSame) return [];
  const from = `release ${live.release}, rendered again from ${shortId(live.revision)},`;
  if (live.digest === undefined)
    return [
      `whether ${from} is what was deployed is not known: its verdict is from before verdicts had a digest`,
    ];
  const parts = [
    ...valuesOfRun(live),
    ...movedCheckouts(live.sharedRevisions ?? {}, sharedRevisions),
    ...toolsOf(rendering),
    ...promotedParts(live, checkout),
  ];
  const why = parts.length === 0 ? 'why is not known' : `it may lack ${parts.join('; ')}`;
  return [
    `${from} has another digest than what was deployed, so more, or less, may change than is shown: ${why}`,
  ];
}

function valuesOfRun({ set = [] }: LiveRelease): string[] {
  return set.length === 0 ? [] : [`the values that its run set (${listed(set)})`];
}

function movedCheckouts(
  then: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  const moved = Object.keys({ ...then, ...now }).filter(folder => then[folder] !== now[folder]);
  return moved.length === 0 ? [] : [`the other checkouts as they were (${listed(moved)})`];
}

function toolsOf({ rendered: { tools = {} } }: RenderedDestination): string[] {
  const names = Object.entries(tools).map(([name, version]) => `${name} ${version}`);
  return names.length === 0 ? [] : [`what another version of a tool wrote (now ${listed(names)})`];
}

function promotedParts({ configFrom }: LiveRelease, { formation }: Checkout): string[] {
  return formation.spec['promoted-from'] === undefined || configFrom !== undefined
    ? []
    : ['destinations and entries of secrets as they were'];
}

function listed(names: readonly string[]): string {
  return excerpt([...names].sort().join(', '), MAX_REASON);
}
