import { environmentsOf, type Formation } from '../application/application.ts';
import { inExpression } from '../text/yaml.ts';

/** Pauses and the jobs that decide about them: `decide`, or one after the other where a release pauses several times. */
export interface Stages {
  /** The job that starts the release. */
  readonly start: string;
  /** The jobs that decide, in their order; none where no environment is there to ask for an approval. */
  readonly deciding: readonly string[];
  /** The pauses of all formations. */
  readonly pauses: readonly string[];
}

/** @param start the id of the job that starts the release */
export function stagesOf(formations: readonly Formation[], start: string): Stages {
  const most = Math.max(...formations.map(({ steps }) => steps?.pauses.length ?? 0));
  const count = environmentsOf(formations).length === 0 ? 0 : most;
  return {
    start,
    deciding: count === 1 ? ['decide'] : Array.from({ length: count }, (_, index) => `decide-${index + 1}`),
    pauses: [...new Set(formations.flatMap(({ steps }) => steps?.pauses ?? []))],
  };
}

/** Whether a release of the formation may end its job while it is open. */
export function mayWait({ steps }: Formation): boolean {
  return steps !== undefined && (steps.pauses.length > 0 || steps.outlasts);
}

/** The expression for whether a job left the release at a pause. */
export function isAtPause({ pauses }: Stages, job: string): string {
  const waiting = `needs.${job}.outputs.waiting-for`;
  const [only = '', ...others] = pauses;
  return others.length === 0
    ? `${waiting} == ${inExpression(only)}`
    : `contains(fromJSON(${inExpression(JSON.stringify(pauses))}), ${waiting})`;
}

/** The expression of the pause that a job left the release at. */
export function pauseAfter({ pauses }: Stages, job: string): string {
  const [only = '', ...others] = pauses;
  return others.length === 0 ? inExpression(only) : `needs.${job}.outputs.waiting-for || 'dropped-by-github'`;
}

/** The job before one that decides. */
export function jobBefore({ start, deciding }: Stages, index: number): string {
  return index === 0 ? start : (deciding[index - 1] ?? start);
}

/** Whether a decision was asked for and did not come: it was refused, timed out, or the run was cancelled while it waited. */
export function isUndecided(stages: Stages): string {
  const cases = stages.deciding.map(
    (job, index) => `${isAtPause(stages, jobBefore(stages, index))} && needs.${job}.result != 'success'`,
  );
  const all = cases.length === 1 ? cases.join('') : cases.map(one => `(${one})`).join(' || ');
  return cases.length === 1 ? all : `(${all})`;
}

/** The pause at which the release was left: the last one that a job reported. */
export function lastPause(stages: Stages): string {
  const later = stages.deciding
    .slice(0, -1)
    .toReversed()
    .map(job => `${isAtPause(stages, job)} && needs.${job}.outputs.waiting-for`);
  return [...later, pauseAfter(stages, stages.start)].join(' || ');
}

/** Whether no job saw the release to its end, although none failed. */
export function isUncommitted({ start, deciding }: Stages): string {
  const open = [start, ...deciding].map(job => `needs.${job}.outputs.verdict != 'succeeded'`);
  return [`needs.${start}.result == 'success'`, ...open].join(' && ');
}
