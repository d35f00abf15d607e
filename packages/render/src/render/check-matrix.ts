import { type Problem, throwIfAny } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { WaveJob } from './waves.ts';

/** Jobs that a matrix may have. https://docs.github.com/en/actions/reference/limits */
const MOST_JOBS = 256;

/**
 * Refuses waves that a workflow cannot run, since GitHub would only say so once the matrix is expanded.
 * @throws SlipwayError `matrix-too-large`
 */
export function checkMatrix(waves: readonly (readonly WaveJob[])[]): void {
  const problems: Problem<RenderErrorCode>[] = waves.flatMap((wave, index) =>
    wave.length <= MOST_JOBS ? [] : [tooLarge(`wave ${index + 1} has ${wave.length} destinations`)],
  );
  throwIfAny([
    ...problems,
    ...(waves.length <= MOST_JOBS ? [] : [tooLarge(`there are ${waves.length} waves`)]),
  ]);
}

function tooLarge(what: string): Problem<RenderErrorCode> {
  return {
    code: 'matrix-too-large',
    message: `${what}, and a matrix of GitHub has at most ${MOST_JOBS} jobs`,
    remedy: 'divide them, or render fewer at a time with formation and destination',
  };
}
