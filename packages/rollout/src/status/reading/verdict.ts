import { generationOf, type KubernetesObject, objectAt, uidOf } from '@slipway/kubernetes';
import { CUSTOM_RESOURCE_REFUSED, NO_STATUS_YET } from '../../windows.ts';
import { type Condition, conditionsOf, notObservedYet, observedGeneration } from '../conditions.ts';
import { type ClusterView, inProgress, ready, type Status, unknown } from '../status.ts';
import { type ConditionList, readActivity, readConditions, readHesitation } from './conditions.ts';
import { readNested } from './nested.ts';
import { declaredPause, type Pause, scaledToNothing } from './pauses.ts';
import { firstSaying, type Statement, troubleOf } from './statement.ts';
import { readWeakerEvidence, type WeakerEvidence } from './weaker-evidence.ts';
import { endsByItself } from './words.ts';

/**
 * A kind that is not Kubernetes' own, by what its status says: conditions first, by the words of their names and reasons, then
 * weaker evidence. A failure always counts, whatever else is said. An object without a status is unknown, and not ready by default
 * as in https://github.com/kubernetes-sigs/cli-utils/blob/v0.37.2/pkg/kstatus/README.md
 */
export function customResource(
  object: KubernetesObject,
  view?: Pick<ClusterView, 'reportsConditions'>,
): Status {
  const pause = declaredPause(object);
  if (!hasStatus(object)) return withoutStatus(object, pause, view);
  const stale = observedGeneration(object) === undefined ? undefined : notObservedYet(object);
  if (stale === undefined) return statusBy(object, pause);
  return pause === undefined ? withFailures(object, stale) : pausedBy(pause);
}

/**
 * An object whose controller has not come to the end of the newest generation, as Flux's controllers have not while they fail. What
 * a condition says of just this generation counts.
 */
function withFailures(object: KubernetesObject, status: Status): Status {
  const generation = generationOf(object);
  const conditions = conditionsOf(object).filter(condition => condition.observedGeneration === generation);
  const troubles = failuresAmong(readConditions(listOf(object, conditions))).map(failure =>
    troubleOf(object, failure),
  );
  return troubles[0] === undefined ? status : inProgress(troubles[0].message, { troubles });
}

/** A kind whose controller always writes a status, so that an object without one is waited for. */
export function waitsForStatus(object: KubernetesObject): Status {
  return hasStatus(object) ? customResource(object) : inProgress('it has no status yet');
}

function hasStatus(object: KubernetesObject): boolean {
  return Object.keys(objectAt(object, 'status') ?? {}).length > 0;
}

function withoutStatus(
  object: KubernetesObject,
  pause: Pause | undefined,
  view: Pick<ClusterView, 'reportsConditions'> | undefined,
): Status {
  if (pause !== undefined) return pausedBy(pause);
  return view?.reportsConditions(object) === true
    ? inProgress('it has no status yet', { unknownAfter: NO_STATUS_YET })
    : unknown('it has no status');
}

function statusBy(object: KubernetesObject, pause: Pause | undefined): Status {
  const list = listOf(object, conditionsOf(object));
  const strong = [...readConditions(list), ...readNested(object)];
  const weaker = readWeakerEvidence(object);
  const rests = pause !== undefined || scaledToNothing(object) !== undefined;
  const troubles = failures(rests ? strong.filter(isNotOfRest) : strong, weaker).map(failure =>
    troubleOf(object, failure),
  );
  if (troubles[0] !== undefined) return inProgress(troubles[0].message, { troubles });
  const spoken = [...weaker.words, ...weaker.facts, ...readActivity(list)];
  return (
    stopped(object, pause, strong) ??
    waiting(strong) ??
    stoppedByWord(strong, weaker.words) ??
    working(strong) ??
    waiting(spoken) ??
    working(spoken) ??
    waiting(readHesitation(list)) ??
    UNTOLD
  );
}

/** What does not run lacks what it would have otherwise, which does not mean that it failed. */
function isNotOfRest({ says, certainAfter }: Statement): boolean {
  return says !== 'failed' || certainAfter <= CUSTOM_RESOURCE_REFUSED;
}

function pausedBy({ message, path }: Pause): Status {
  return unknown(message, { heldBy: path });
}

const UNTOLD = unknown('its status does not say whether it is ready');

/** The failures, the one first that is certain first. Weaker words always count; the text of an error may be an old one. */
function failures(strong: readonly Statement[], weaker: WeakerEvidence): readonly Statement[] {
  const speaks = strong.some(({ says }) => says === 'works' || says === 'waits');
  const works = firstSaying(strong, 'works') !== undefined && firstSaying(strong, 'waits') === undefined;
  const all = [
    ...strong,
    ...weaker.words,
    ...(speaks ? [] : weaker.facts),
    ...weaker.errors.filter(({ path }) => !works || /failure/i.test(path)),
  ];
  return failuresAmong(all);
}

function failuresAmong(statements: readonly Statement[]): readonly Statement[] {
  return statements
    .filter(({ says }) => says === 'failed')
    .toSorted((a, b) => a.certainAfter - b.certainAfter);
}

function listOf(object: KubernetesObject, conditions: readonly Condition[]): ConditionList {
  return {
    conditions,
    path: 'status.conditions',
    generation: generationOf(object),
    endsByItself: endsByItself(object.kind),
  };
}

function stopped(
  object: KubernetesObject,
  pause: Pause | undefined,
  said: readonly Statement[],
): Status | undefined {
  if (pause !== undefined) return pausedBy(pause);
  const stop = stoppedBy(said);
  if (stop !== undefined) return stop;
  const field = scaledToNothing(object);
  return field === undefined ? undefined : ready(`it is scaled to 0: spec.${field} is 0`, { progress: 1 });
}

/** One field of several may be about a part that is stopped while the rest is on its way. */
function stoppedByWord(strong: readonly Statement[], words: readonly Statement[]): Status | undefined {
  const speaks = firstSaying(strong, 'works') !== undefined;
  return speaks || firstSaying(words, 'waits') === undefined ? stoppedBy(words) : undefined;
}

function stoppedBy(statements: readonly Statement[]): Status | undefined {
  const stop = firstSaying(statements, 'stopped');
  return stop === undefined ? undefined : unknown(`it is stopped: ${stop.text}`);
}

function waiting(statements: readonly Statement[]): Status | undefined {
  const waits = firstSaying(statements, 'waits');
  return waits === undefined ? undefined : inProgress(waits.text);
}

function working(statements: readonly Statement[]): Status | undefined {
  const works = firstSaying(statements, 'works');
  return works === undefined ? undefined : ready(works.text, { progress: 1 });
}

/** The trouble of an object that a known kind calls failed, in the words of its own field. */
export function failing(
  object: KubernetesObject,
  reason: string,
  message: string,
  certainAfter: number,
): Status {
  const trouble = {
    key: `${uidOf(object)}/${reason}`,
    reason,
    message,
    remedy: 'look at the log of its controller',
    certainAfter,
  };
  return inProgress(message, { troubles: [trouble] });
}
