import { instanceNotes, refuseRoomForStrangers, refuseSpawnForStrangers } from '@slipway/action-kit';
import { isJsonObject } from '@slipway/core';
import type { SpawnedBy } from '@slipway/delivery';
import type { RunContext, Runner } from '@slipway/github';
import { saysNoRoom } from '@slipway/report';
import { openPulls } from './pulls.ts';

/**
 * What started the run, for an instance.
 * @throws SlipwayError `spawn-fork`, `spawn-event`
 */
export function spawnedBy(token: string, runner: Runner): SpawnedBy {
  refuseSpawnForStrangers(runner.context);
  return startedBy(token, runner);
}

/**
 * What started the run, for the namespace of an instance.
 * @throws SlipwayError `spawn-fork`, `spawn-event`
 */
export function roomBy(token: string, runner: Runner): SpawnedBy {
  refuseRoomForStrangers(runner.context);
  return startedBy(token, runner);
}

function startedBy(token: string, runner: Runner): SpawnedBy {
  return {
    pulls: openPulls(token, runner),
    isPushOfBot: isOfBot(runner.context),
    saysNoRoom: async instance => saysNoRoom((await instanceNotes(token, runner).said(instance)) ?? ''),
  };
}

function isOfBot({ actor, event }: RunContext): boolean {
  const sender = event['sender'];
  return actor.endsWith('[bot]') || (isJsonObject(sender) && sender['type'] === 'Bot');
}
