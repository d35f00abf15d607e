import { formatProblem } from '@slipway/core';
import { type HeldFormation, holdFormation, type LiftedHold, liftHoldOf } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { type HoldState, holdRefusals } from '@slipway/release';
import { holdMarkdown } from '@slipway/report';
import type { InputsFor } from '../inputs/inputs.ts';
import { surroundingsOf } from '../surroundings.ts';

/** Keeps a formation as it is. */
export async function holdAndShow(inputs: InputsFor<'hold'>, runner: Runner): Promise<void> {
  const { identity, hold, before } = await holdFormation(inputs.request, surroundingsOf(inputs, runner));
  const now = holdRefusals(identity, { state: 'held', hold }).map(formatProblem);
  show(`${nameOf(identity)} is held`, [...now, ...beforeIt(identity, before)], runner);
}

/** Lifts the hold of a formation. */
export async function liftHoldAndShow(inputs: InputsFor<'lift-hold'>, runner: Runner): Promise<void> {
  const { identity, before } = await liftHoldOf(inputs.request, surroundingsOf(inputs, runner));
  const name = nameOf(identity);
  if (before.state === 'none') show(`${name} was not held`, ['Nothing was changed.'], runner);
  else
    show(
      `The hold of ${name} was lifted`,
      [...beforeIt(identity, before), 'Nothing was deployed: the next apply is not refused any more.'],
      runner,
    );
}

function nameOf({ application, formation, namespace }: (HeldFormation | LiftedHold)['identity']): string {
  return `${application}/${formation} in namespace ${namespace}`;
}

function beforeIt(identity: HeldFormation['identity'], state: HoldState): string[] {
  return holdRefusals(identity, state).map(({ message }) => `Before: ${message}`);
}

function show(heading: string, sentences: readonly string[], { logger, addSummary }: Runner): void {
  logger.info(heading);
  for (const sentence of sentences) logger.info(`  ${sentence}`);
  addSummary(holdMarkdown(heading, sentences));
}
