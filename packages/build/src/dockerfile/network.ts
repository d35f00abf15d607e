import { isDocument } from './here-documents.ts';
import { BUILDER_VALUE, expandWord } from './shell-words.ts';
import type { CheckedInstruction } from './stages.ts';

/** Whether an ADD may get something from the network. Variables of a stage are not known, as they depend on its base image. */
export function addsFromNetwork({ name, args }: CheckedInstruction, escapeChar: string): boolean {
  if (name !== 'add') return false;
  const sources = args.slice(0, -1).filter(source => !isDocument(source));
  return sources.some(source => mayBeRemote(expandWord(source, escapeChar, () => BUILDER_VALUE)));
}

/** A web address, or a Git repository: `git://…`, `ssh://…`, `user@host:path`. */
function mayBeRemote(source: string): boolean {
  if (/^(?:https?|ssh|git):\/\/|^[a-zA-Z0-9_-]+@[a-zA-Z0-9.-]+:/i.test(source)) return true;
  const [literal = '', ...variables] = source.split(BUILDER_VALUE);
  // A folder in front of the variable makes it a path.
  return variables.length > 0 && !/^[^:@]*\//.test(literal);
}
