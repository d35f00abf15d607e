import type { ClusterClient } from '@slipway/cluster';
import type { WatchedObject } from '@slipway/rollout';
import type { Ending, VerifyContext } from './ending.ts';
import type { Subject } from './inputs.ts';

import { makeVerdict } from './report.ts';
import { objectsOfManifests, objectsOfSelector } from './targets.ts';
import { termsOf } from './terms.ts';
import { watch } from './watch.ts';

/** Where nothing else is said, as for kubectl. */
const DEFAULT_NAMESPACE = 'default';

/** A verdict on objects that somebody else applied: nothing is recorded, pruned or rolled back. */
export async function verifyObjects(
  client: ClusterClient,
  subject: Exclude<Subject, { kind: 'release' }>,
  { inputs, place, runner }: VerifyContext,
): Promise<Ending> {
  const namespace = place.namespace || DEFAULT_NAMESPACE;
  const objects: readonly WatchedObject[] =
    subject.kind === 'manifests'
      ? await objectsOfManifests(client, subject.paths, { workspace: runner.workspace, namespace })
      : await objectsOfSelector(client, subject.selector, namespace);
  runner.logger.info(`Watching ${objects.length} objects in namespace ${namespace}`);
  const { stableFor, timeout } = termsOf(inputs, undefined);
  const { result, changes } = await watch({ client, objects, stableFor, timeout }, runner);
  const { verdict, summary } = result;
  return { changes, verdict: makeVerdict({ ...place, namespace }, undefined, result, { verdict, summary }) };
}
