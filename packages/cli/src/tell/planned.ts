import type { PlannedManifests } from '@slipway/delivery';
import { rightsProblems } from '@slipway/release';
import { againstLines, planLines, planTitle, targetName } from '@slipway/report';
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
  const { plan, missing, signOffs, waits, problems } = planned;
  const { output, errors } = machine;
  const name = `${targetName(plan)}, namespace ${plan.namespace}`;
  // Where every object is refused there is no plan, and the errors say all.
  if (plan.changes.length > 0 || plan.notCompared === undefined) say(output, `${name}: ${planTitle(plan)}`);
  for (const line of againstLines(plan)) say(output, `  ${line}`);
  for (const line of planLines(plan)) say(output, line, MEANINGS[line.charAt(0)]);
  for (const limit of plan.limits ?? []) say(errors, `note: ${inOwnWords(limit)}`, 'note');
  const unreadable = missing.filter(({ verb }) => READING.includes(verb));
  for (const problem of rightsProblems(unreadable))
    sayProblem(machine, 'warning', { ...problem, remedy: LOOK });
  for (const problem of signOffs)
    sayProblem(machine, 'warning', { ...problem, message: `to be signed off: ${problem.message}` });
  for (const problem of waits)
    sayProblem(machine, 'warning', { ...problem, message: `not yet: ${problem.message}` });
  sayProblems(machine, problems);
}

const READING: readonly string[] = ['get', 'list'];
const LOOK = 'what is there is not known without it';
