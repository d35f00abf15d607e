import { instanceNotes } from '@slipway/action-kit';
import type { ClusterClient } from '@slipway/cluster';
import { formatProblem, type Release, SlipwayError, type Verdict } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { type Room, readRoom } from '@slipway/release';
import { instanceComment, prolongedComment, reservedBy } from '@slipway/report';
import type { VerifyContext } from '../context.ts';

/**
 * Says on the pull request what became of its instance, and shows it as a deployment. The verdict does not depend on it, so what keeps it
 * from being written is a warning.
 */
export async function noteInstance(
  client: ClusterClient,
  verdict: Verdict,
  release: Release,
  context: VerifyContext,
): Promise<void> {
  // Superseded: the newer release is noted by its own run.
  const { runner, inputs, identity } = context;
  if (identity.spawned === undefined || verdict.verdict === 'superseded') return;
  const room = await roomOf(client, release, context);
  if (room?.pull === undefined) return;
  const instance = { application: room.application, formation: room.formation, pull: room.pull };
  const notes = instanceNotes(inputs.deployment.token, runner);
  await notes.comment(instance, instanceComment(shown(room, verdict, release, runner.context.runUrl)));
  await notes.comment(instance, prolongedComment(room), { onlyUpdate: true, about: 'end' });
  const commit = release.snapshot?.gitRevision;
  if (commit === undefined)
    return runner.logger.warning(
      'The deployment was not recorded at GitHub: it is not known which commit the images were built from',
    );
  await notes.deployment(instance, {
    // As the files say: a Lease that someone edited must not lead into the history of another environment.
    environment: identity.environment ?? identity.spawned.from,
    commit,
    state: verdict.verdict === 'succeeded' ? 'success' : 'failure',
    description: `release ${release.number} ${verdict.verdict}`,
    environmentUrl: room.url ?? '',
  });
}

/** The room, which says until when, and where it can be opened. */
async function roomOf(
  client: ClusterClient,
  release: Release,
  { runner, identity }: VerifyContext,
): Promise<Room | undefined> {
  try {
    return await readRoom(client, release, identity.spawned?.block.form);
  } catch (error) {
    runner.signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    runner.logger.warning(
      `Nothing is written on the pull request: ${error.problems.map(formatProblem).join('; ')}`,
    );
    return undefined;
  }
}

function shown(room: Room, { verdict, summary }: Verdict, release: Release, run: string) {
  const { application, formation, namespace, url, expires } = room;
  const reserved = reservedBy(release.manifests as unknown as readonly KubernetesObject[]);
  return {
    ...{ application, formation, namespace, url, expires },
    ...{ verdict, summary, reserved, run, snapshot: release.snapshot },
  };
}
