import type { Release } from '@slipway/core';
import { isDefinition, isJob, type KubernetesObject } from '@slipway/kubernetes';
import { secretsToRestore } from '../apply/secrets-to-restore.ts';
import { type PreparedRelease, prepareRelease } from '../plan/prepare.ts';
import type { ReleaseRequest } from '../request.ts';
import { manifestsOf, type StepsContext } from './steps-context.ts';

/** Compares all objects of the open release with the cluster, by its record: it is written in halves, by several runs. */
export async function prepareOpen(context: StepsContext): Promise<PreparedRelease> {
  return await prepareRecorded(context, context.release, manifestsOf(context.release));
}

/**
 * Compares objects of the release that serves with the cluster, to take back what the open one has changed. Jobs do not run again, and
 * definitions keep what they have gained: what was stored with it would be lost.
 */
export async function prepareStable(
  context: StepsContext,
  isMeant: (object: KubernetesObject) => boolean,
): Promise<PreparedRelease> {
  const { stable } = context;
  const objects = manifestsOf(stable).filter(
    object => !isJob(object) && !isDefinition(object) && isMeant(object),
  );
  return await prepareRecorded(context, stable, objects);
}

async function prepareRecorded(
  context: StepsContext,
  recorded: Release,
  objects: readonly KubernetesObject[],
): Promise<PreparedRelease> {
  const { client, signal, release } = context;
  const restorable = await secretsToRestore(client, recorded, undefined);
  const request = requestOf(context, recorded, objects, release.number);
  return await prepareRelease({ client, signal, request, openSecrets: async () => restorable });
}

function requestOf(
  { identity, release }: StepsContext,
  recorded: Release,
  objects: readonly KubernetesObject[],
  continues: number,
): ReleaseRequest {
  const { snapshot, deploymentTag, configRevision, digest, allow = {}, verify, seals } = recorded;
  return {
    ...{ identity, seals, snapshot, deploymentTag, configRevision, digest, allow, verify, continues },
    objects: objects.map(object => ({ object })),
    prune: release.prune,
    ...{ actor: release.actor ?? '', run: release.run ?? '', reason: release.reason },
    adopt: false,
    forceConflicts: release.forceConflicts === true,
    allowOlder: true,
    restores: recorded.number,
  };
}
