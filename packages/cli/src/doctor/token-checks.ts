import type { Machine } from '../machine/machine.ts';
import { timeOf } from '../setup/kubeconfig-step.ts';
import { expiresSoon, type TokenNote } from '../setup/token-note.ts';
import { type Check, fine, type Looked, missing, unknown } from './check.ts';

/**
 * What the note of a token says of its end.
 * @param renew the command that replaces the token
 */
export function checkNote(
  looked: Looked,
  note: TokenNote | undefined,
  renew: string,
  machine: Pick<Machine, 'clock'>,
): Check {
  if (note === undefined) return unknown(looked, 'when it expires is not noted', renew);
  const now = machine.clock();
  if (note.expires <= now) return missing(looked, `it expired on ${timeOf(note.expires)}`, renew);
  if (expiresSoon(note, now)) return missing(looked, `it expires on ${timeOf(note.expires)}`, renew);
  return fine(looked, `until ${timeOf(note.expires)}`);
}
