import type { InputReader } from '@slipway/github';

/** What is decided about a release in steps. */
export interface GivenDecision {
  readonly what: 'continue' | 'promote' | 'reject';
  /** What `continue` lets pass. */
  readonly name?: string;
}

export interface StepsInputs {
  readonly decision: GivenDecision | undefined;
  /** What the release has to wait for, or nothing is done; empty for whatever it does. */
  readonly ifWaitingFor: string;
  /** Whether the step succeeds while the release waits for a pause or for time. */
  readonly mayWait: boolean;
}

/** @param kind what is verified: only of a release something can be decided */
export function readStepsInputs(reader: InputReader, kind: string): StepsInputs {
  const decision = readDecision(reader);
  const ifWaitingFor = reader.text('if-waiting-for');
  // With "open" the cluster is asked first, so that the refusal says what is open.
  if (decision !== undefined && kind !== 'release' && kind !== 'open-release')
    reader.problem('decision', 'needs the number of a release', 'give its number in "release"');
  return { decision, ifWaitingFor, mayWait: reader.flag('may-wait', false) };
}

/** The name of a pause, or of what else a release can wait for. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function readDecision(reader: InputReader): GivenDecision | undefined {
  const text = reader.text('decision');
  if (text === '') return undefined;
  const [what = '', name, ...more] = text.split(/\s+/);
  if ((what === 'promote' || what === 'reject') && name === undefined) return { what };
  if (what === 'continue' && name !== undefined && more.length === 0 && NAME.test(name))
    return { what, name };
  reader.problem(
    'decision',
    'is not a decision',
    'write "continue" and the name of what the release waits for, "promote", or "reject"',
  );
  return undefined;
}
