import { type InstanceNotes, instanceNotes } from '@slipway/action-kit';
import { count, throwIfAny } from '@slipway/core';
import { type Swept, type SweptInstance, sweepInstances } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { expiryComment, goneComment, sweptMarkdown } from '@slipway/report';
import type { InputsFor } from '../inputs/inputs.ts';
import { openPulls } from '../spawned/pulls.ts';
import { surroundingsOf } from '../surroundings.ts';

/**
 * Removes the instances that are over, and says so on their pull requests.
 * @throws SlipwayError for each that could not be removed, after all that was done is shown
 */
export async function sweepAndShow(inputs: InputsFor<'sweep'>, runner: Runner): Promise<void> {
  const pulls = openPulls(inputs.token, runner);
  const all = await sweepInstances(inputs.request, pulls, surroundingsOf(inputs, runner));
  const instances = all.flatMap(swept => swept.instances);
  for (const { room, outcome, why } of instances)
    runner.logger.info(`${room.application}/${room.formation} ${WORDS[outcome]}: ${why}`);
  const removed = instances.filter(({ outcome }) => outcome === 'removed');
  runner.setOutput('changes', String(removed.length));
  runner.logger.info(
    `${count(removed.length, 'instance')} removed, ${instances.length - removed.length} left`,
  );
  runner.addSummary(
    sweptMarkdown(instances.map(({ room, outcome, why }) => ({ ...room, outcome: WORDS[outcome], why }))),
  );
  const notes = instanceNotes(inputs.token, runner);
  for (const swept of all) await tell(swept, notes, runner);
  throwIfAny(all.flatMap(({ problems }) => problems));
}

const WORDS: Readonly<Record<SweptInstance['outcome'], string>> = {
  removed: 'was removed',
  kept: 'stays',
  failed: 'was not removed',
};

async function tell({ instances }: Swept, notes: InstanceNotes, runner: Runner): Promise<void> {
  for (const { room, outcome, why, volumes } of instances) {
    if (room.pull === undefined || room.repository !== runner.context.repository) continue;
    const instance = { application: room.application, formation: room.formation, pull: room.pull };
    if (outcome === 'removed') {
      await notes.comment(instance, goneComment(room, why), { onlyUpdate: true });
      await notes.comment(instance, goneComment(room, why), { onlyUpdate: true, about: 'end' });
      await notes.noDeployment(instance, room.environment);
    } else if (volumes !== undefined)
      await notes.comment(instance, expiryComment(room, volumes), { about: 'end' });
  }
}
