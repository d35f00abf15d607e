import type { ClusterClient } from '@slipway/cluster';
import type { Release } from '@slipway/core';
import type { Decision, Driven } from '@slipway/steps';
import { CONTINUE, deployVersion, look, lookAgain, newestRecord, REJECT } from './runs.ts';
import type { Scene, Stage } from './stages.ts';

/** How a release is to have ended. */
export interface End {
  readonly verdict: Release['verdict'];
  /** What is to be recorded as decided. */
  readonly decisions: readonly string[];
}

export interface Converged {
  readonly end: End;
  /** What a run after the kill did otherwise than it had to. */
  readonly faults: readonly string[];
}

/** How a release has ended whose run was killed when all was done. */
const WHEN_DONE: Readonly<Record<Stage['name'], Release['verdict']>> = {
  begin: 'rolled-back',
  reach: 'succeeded',
  commit: 'succeeded',
  home: 'rolled-back',
  undo: 'rolled-back',
  newer: 'superseded',
};

/**
 * What follows a killed run: another deploy, a look or a reject. One look has to carry it to its end, or to its pause, and then one
 * decision to its end.
 * @param newest the number of the newest release before it
 */
export async function converge(scene: Scene, stage: Stage['name'], newest: number): Promise<Converged> {
  const { client, namespace, number, random } = scene;
  if ((stage === 'begin' || stage === 'newer') && random() < 0.4) await deployVersion(client, scene, number);
  const found = await newestRecord(client, namespace);
  if (found.verdict !== undefined) {
    await lookAgain(client, found);
    const verdict = found.number === newest ? found.verdict : WHEN_DONE[stage];
    return { end: { verdict, decisions: decisionsOf(found) }, faults: [] };
  }
  const first = await lookOnce(client, found, random() < 0.4 ? REJECT : undefined);
  if (first.end.verdict !== undefined || first.faults.length > 0) return first;
  return await lookOnce(client, await newestRecord(client, namespace), random() < 0.5 ? CONTINUE : REJECT);
}

async function lookOnce(
  client: ClusterClient,
  release: Release,
  decision: Decision | undefined,
): Promise<Converged> {
  const end = endOf(release, decision);
  const driven = await look(client, release, decision);
  const wanted = end.verdict ?? 'waits for commit';
  const came = cameTo(driven);
  const { phase, target } = release.steps ?? {};
  const faults =
    came === wanted
      ? []
      : [`a look at what was ${phase} in step ${target?.at} ended with: ${came}, not: ${wanted}`];
  return { end, faults };
}

function cameTo(driven: Driven): string {
  if (driven.ended === 'closed') return driven.verdict ?? 'closed';
  if (driven.ended === 'open') return `waits for ${driven.waitingFor}`;
  return driven.ended === 'refused' ? `refused: ${driven.why}` : driven.ended;
}

/** What one look brings an open release to; without a verdict it waits. */
function endOf(release: Release, decision: Decision | undefined): End {
  const { phase, undo, times } = release.steps ?? {};
  const decisions = decisionsOf(release);
  // What is undone already is carried to its end, and a reject says nothing new.
  if (phase === 'undoing')
    return { verdict: undo?.verdict === 'superseded' ? 'superseded' : 'rolled-back', decisions };
  if (decision?.what === 'reject') return { verdict: 'rolled-back', decisions: [...decisions, 'reject'] };
  if (times?.brought === undefined) return { verdict: 'rolled-back', decisions };
  if (phase === 'committing') return { verdict: 'succeeded', decisions };
  return decision === undefined
    ? { verdict: undefined, decisions }
    : { verdict: 'succeeded', decisions: [...decisions, 'continue commit'] };
}

function decisionsOf({ steps }: Release): string[] {
  return (steps?.decisions ?? []).map(({ what }) => what);
}
