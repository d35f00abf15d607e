import { refuseSpawnForStrangers } from '@slipway/action-kit';
import { isJsonObject } from '@slipway/core';
import type { SpawnedBy } from '@slipway/delivery';
import type { RunContext, Runner } from '@slipway/github';
import { openPulls } from './pulls.ts';

/**
 * What started the run, for an instance.
 * @throws SlipwayError `spawn-fork`, `spawn-event`
 */
export function spawnedBy(token: string, runner: Runner): SpawnedBy {
  refuseSpawnForStrangers(runner.context);
  return { pulls: openPulls(token, runner), isPushOfBot: isOfBot(runner.context) };
}

function isOfBot({ actor, event }: RunContext): boolean {
  const sender = event['sender'];
  return actor.endsWith('[bot]') || (isJsonObject(sender) && sender['type'] === 'Bot');
}
