import { type KubernetesObject, uidOf } from '@slipway/kubernetes';
import type { Trouble } from '../status.ts';

/** One thing that a status says, and the field that says it. */
export interface Statement {
  readonly says: 'works' | 'failed' | 'waits' | 'stopped';
  /** The field, such as `status.conditions[Ready]`; a condition is named by its type. */
  readonly path: string;
  /** Half a sentence that begins with the path: `status.phase is "Failed"`. */
  readonly text: string;
  /** Kubernetes' reason where there is one. */
  readonly reason: string;
  /** Milliseconds for which a failure must last before it is certain not to pass by itself. */
  readonly certainAfter: number;
}

export function troubleOf(
  object: KubernetesObject,
  { path, reason, text, certainAfter }: Statement,
): Trouble {
  return {
    key: `${uidOf(object)}/${path}/${reason}`,
    reason,
    message: text,
    remedy: 'look at the log of its controller',
    certainAfter,
  };
}

/** The first statement that says something; a failure that is certain sooner comes before another. */
export function firstSaying(
  statements: readonly Statement[],
  says: Statement['says'],
): Statement | undefined {
  return statements
    .filter(statement => statement.says === says)
    .toSorted((a, b) => a.certainAfter - b.certainAfter)[0];
}
