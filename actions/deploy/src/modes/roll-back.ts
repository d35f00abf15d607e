import { rollBack } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { releaseMarkdown } from '@slipway/report';
import type { InputsFor } from '../inputs/inputs.ts';
import { noteRelease } from '../post.ts';
import { surroundingsOf } from '../surroundings.ts';
import { showPreviousRelease } from '../tell/show-plan.ts';

/** Restores an earlier release, as a new one. */
export async function rollBackAndShow(inputs: InputsFor<'rollback'>, runner: Runner): Promise<void> {
  const { request, cluster } = inputs;
  const restored = await rollBack(request, surroundingsOf(inputs, runner), {
    onFound: ({ number }) => showPreviousRelease(number, runner),
    onRecorded({ number }, { identity, checkout }) {
      noteRelease(identity, number, cluster.context || (checkout?.destination.context ?? ''), runner);
      runner.setOutput('release', String(number));
    },
  });
  runner.logger.info(
    `Release ${restored.restores} was restored as release ${restored.number}; verify-rollout says whether it works`,
  );
  runner.addSummary(releaseMarkdown(restored));
}
