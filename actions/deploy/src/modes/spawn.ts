import type { Release } from '@slipway/core';
import { findFormation, type NoInstance, spawnManifests } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { openSignOffs } from '../approvals.ts';
import type { InputsFor } from '../inputs/inputs.ts';
import { showNone, wantedOf } from '../spawned/show-none.ts';
import { spawnedBy } from '../spawned/spawned-by.ts';
import { withBaseSpawn } from '../spawned/with-spawn.ts';
import { surroundingsOf } from '../surroundings.ts';
import { showDeployment } from '../tell/show-deployment.ts';
import { listenTo, showRelease } from './apply.ts';

/** Brings manifests of an instance to a cluster, or says why it has none. */
export async function spawnAndShow(given: InputsFor<'apply'>, runner: Runner): Promise<void> {
  const by = spawnedBy(given.token, runner);
  const inputs = await withBaseSpawn(given, runner);
  const { token, request } = inputs;
  const surroundings = surroundingsOf(inputs, runner);
  const signOffs = openSignOffs({ token, application: request.application }, runner);
  let none: NoInstance | undefined;
  const { release, known } = await showDeployment(runner, async begun => {
    const listener = listenTo(begun, inputs, runner);
    const outcome = await spawnManifests(request, signOffs, surroundings, { listener, by });
    if (isRelease(outcome)) return outcome;
    none = outcome;
    return undefined;
  });
  if (release !== undefined) return showRelease({ release, known }, runner);
  const wanted = wantedOf(await findFormation(request, surroundings));
  if (none !== undefined) await showNone(none, wanted, inputs, runner);
}

function isRelease(outcome: Release | NoInstance): outcome is Release {
  return 'number' in outcome;
}
