import { quote } from '@slipway/core';
import { type Runner, showProblem } from '@slipway/github';
import { leftOut, type PreparedRendering, type RenderingRequest } from '@slipway/render';

/** Says which formations a rendering of all leaves out, since there are only instances of them. */
export function saySkipped(prepared: PreparedRendering, request: RenderingRequest, runner: Runner): void {
  for (const name of leftOut(prepared, request))
    showProblem(
      {
        code: 'spawn-skipped',
        message: `the formation ${quote(name)} is spawned, so it is not rendered here`,
        remedy: 'the input "spawn" renders an instance of it',
      },
      'notice',
      runner,
    );
}
