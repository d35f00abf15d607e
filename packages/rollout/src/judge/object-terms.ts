import { type Problem, parseDuration, quote, type VerifyWindows } from '@slipway/core';
import {
  annotationOf,
  CRASH_WINDOW,
  DEADLINE,
  describeObject,
  type KubernetesObject,
  type ObjectReference,
  PULL_WINDOW,
  READY_WINDOW,
  referenceTo,
  SCHEDULE_WINDOW,
  STABLE_FOR,
  TIMEOUT,
} from '@slipway/kubernetes';
import type { RolloutErrorCode } from '../error-codes.ts';
import type { Window } from '../status/status.ts';

/** Milliseconds for which a kind of trouble may last, where that differs from windows.ts. */
export type Windows = Readonly<Partial<Record<Window, number | undefined>>>;

/** The windows of a formation's `verify` block. */
export function windowsOf({ pull, crash, schedule, ready }: VerifyWindows = {}): Windows {
  const read = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : parseDuration(text);
  return { pull: read(pull), crash: read(crash), schedule: read(schedule), ready: read(ready) };
}

/** One object's own terms, which replace those of the rollout. Milliseconds. */
export interface ObjectTerms {
  readonly stableFor?: number | undefined;
  readonly timeout?: number | undefined;
  readonly deadline?: number | undefined;
  readonly windows: Windows;
}

const WINDOWS: Readonly<Record<Window, string>> = {
  pull: PULL_WINDOW,
  crash: CRASH_WINDOW,
  schedule: SCHEDULE_WINDOW,
  ready: READY_WINDOW,
};

/** Annotations that must be longer than 0s: nothing is ever ready within no time. */
const POSITIVE = [TIMEOUT, DEADLINE];

/** The terms in an object's annotations; one that is not a duration is ignored here, and `termsProblems` reports it. */
export function termsOfObject(object: KubernetesObject): ObjectTerms {
  const read = (name: string): number | undefined => durationOf(name, annotationOf(object, name));
  const windows = Object.entries(WINDOWS).map(([window, name]) => [window, read(name)] as const);
  return {
    stableFor: read(STABLE_FOR),
    timeout: read(TIMEOUT),
    deadline: read(DEADLINE),
    windows: Object.fromEntries(windows.filter(([, value]) => value !== undefined)),
  };
}

function durationOf(name: string, text: string | undefined): number | undefined {
  const value = text === undefined ? undefined : parseDuration(text);
  return value === 0 && POSITIVE.includes(name) ? undefined : value;
}

function isZero(text: string): boolean {
  return parseDuration(text) === 0;
}

/** An annotation that is not a usable duration. */
export interface TermsProblem extends Problem<RolloutErrorCode> {
  readonly object: ObjectReference;
  /** RFC 6901: the annotation in its object. */
  readonly pointer: string;
}

/** The problems of an object's annotations that should be durations. */
export function termsProblems(object: KubernetesObject): readonly TermsProblem[] {
  return [STABLE_FOR, TIMEOUT, DEADLINE, ...Object.values(WINDOWS)].flatMap(name => {
    const text = annotationOf(object, name);
    if (text === undefined || durationOf(name, text) !== undefined) return [];
    const reference = referenceTo(object);
    return [
      {
        code: 'annotation-invalid' as const,
        object: reference,
        pointer: `/metadata/annotations/${name.replace('/', '~1')}`,
        message: `${describeObject(reference)} has ${name} ${quote(text)}, which ${isZero(text) ? 'must be longer than 0s' : 'is not a duration'}`,
        remedy: 'write a duration in quotes, such as "30s", "10m" or "1h30m"',
      },
    ];
  });
}
