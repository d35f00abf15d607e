import type { PreparedRendering, RenderingRequest } from './prepare-rendering.ts';

/** The formations that a rendering of all leaves out, since there are only instances of them. */
export function leftOut(
  { repository }: Pick<PreparedRendering, 'repository'>,
  { formations, spawn }: Pick<RenderingRequest, 'formations' | 'spawn'>,
): readonly string[] {
  return formations.length > 0 || spawn !== undefined ? [] : [...repository.spawning.keys()];
}
