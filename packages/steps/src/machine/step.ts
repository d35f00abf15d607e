import { bake } from './bake.ts';
import { commit } from './commit.ts';
import { decide } from './decide.ts';
import type { Action, Look } from './observed.ts';
import { cross } from './obstacles.ts';
import { reach } from './reach.ts';
import { undoOn } from './undo.ts';

/**
 * What follows for an open release in steps. It is a pure function of the record and of what was seen, so that a run that dies loses
 * nothing: the next one sees the same, and does the same.
 */
export function step(look: Look): Action {
  const { phase, undo } = look.steps;
  if (phase === undefined) return { do: 'done', verdict: undo?.verdict ?? 'succeeded' };
  if (phase === 'undoing') return undoOn(look);
  if (phase === 'committing') return commit(look);
  return cross(look) ?? decide(look) ?? reach(look) ?? bake(look);
}
