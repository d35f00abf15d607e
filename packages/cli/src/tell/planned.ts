import type { PlannedManifests } from '@slipway/delivery';
import { rightsProblems } from '@slipway/release';
import { adoptionLines, againstLines, planLines, planTitle, stepsLines, targetName } from '@slipway/report';
import type { Machine } from '../machine/machine.ts';
import { inOwnWords } from './own-words.ts';
import { type Meaning, say, sayProblem, sayProblems } from './say.ts';

const MEANINGS: Readonly<Record<string, Meaning>> = {
  '+': 'added',
  '-': 'removed',
  '~': 'warning',
  '±': 'warning',
};

/** Writes what a release would change at one destination, what is not known of it, and what speaks against it. */
export function sayPlanned(planned: PlannedManifests, machine: Machine): void {
  const { plan, signOffs, waits, problems } = planned;
  const { output, errors } = machine;
  const name = `${targetName(plan)}, namespace ${plan.namespace}`;
  // Where every object is refused there is no plan, and the errors say all.
  if (plan.changes.length > 0 || plan.notCompared === undefined) say(output, `${name}: ${planTitle(plan)}`);
  for (const line of [...stepsLines(plan), ...againstLines(plan)]) say(output, `  ${line}`);
  for (const line of planLines(plan)) say(output, line, MEANINGS[line.charAt(0)]);
  for (const line of adoptionLines(plan))
    say(output, line.replace(/^With adopt\b/, 'With --adopt'), MEANINGS[line.charAt(0)]);
  for (const limit of plan.limits ?? []) say(errors, `note: ${inOwnWords(limit)}`, 'note');
  for (const problem of rightsProblems(unreadableOf(planned)))
    sayProblem(machine, 'warning', { ...problem, remedy: LOOK });
  for (const problem of signOffs)
    sayProblem(machine, 'warning', { ...problem, message: `to be signed off: ${problem.message}` });
  for (const problem of waits)
    sayProblem(machine, 'warning', { ...problem, message: `not yet: ${problem.message}` });
  sayProblems(machine, problems);
}

/** The rights without which it is not known what is there. */
export function unreadableOf({ missing }: PlannedManifests): PlannedManifests['missing'] {
  return missing.filter(({ verb }) => READING.includes(verb));
}

const READING: readonly string[] = ['get', 'list'];
const LOOK = 'what is there is not known without it';
