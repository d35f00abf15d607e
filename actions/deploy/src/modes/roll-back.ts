import { formatProblem, type Release } from '@slipway/core';
import { admitRollback, rollBack } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { holdRefusals } from '@slipway/release';
import { notesMarkdown } from '@slipway/report';
import type { InputsFor } from '../inputs/inputs.ts';
import { noteRelease } from '../post.ts';
import { spawnedBy } from '../spawned/spawned-by.ts';
import { withBaseSpawn } from '../spawned/with-spawn.ts';
import { surroundingsOf } from '../surroundings.ts';
import { showDeployment } from '../tell/show-deployment.ts';
import { showPreviousRelease } from '../tell/show-plan.ts';

/** Restores an earlier release, as a new one, and holds the formation. */
export async function rollBackAndShow(given: InputsFor<'rollback'>, runner: Runner): Promise<void> {
  const by = given.spawn === '' ? undefined : spawnedBy(given.token, runner);
  const inputs = await withBaseSpawn(given, runner);
  const { request, cluster } = inputs;
  const surroundings = surroundingsOf(inputs, runner);
  let secrets: readonly string[] = [];
  const { release: restored } = await showDeployment(runner, known =>
    rollBack(request, surroundings, {
      async admit(found, client) {
        if (by !== undefined) await admitRollback(found, client, by, surroundings);
      },
      onFound(newest) {
        known.undone = newest;
        showPreviousRelease(newest.number, runner);
      },
      onSecrets(sentences) {
        for (const sentence of sentences) runner.logger.info(sentence);
        secrets = sentences;
      },
      onRecorded(recorded, { identity, checkout }) {
        known.release = recorded;
        const { number } = recorded;
        noteRelease(identity, number, cluster.context || (checkout?.destination.context ?? ''), runner);
        runner.setOutput('release', String(number));
      },
    }),
  );
  if (restored.restores === undefined) return showRejected(restored, runner);
  runner.logger.info(
    `Release ${restored.restores} was restored as release ${restored.number}; verify-rollout says whether it works`,
  );
  const { hold } = restored;
  const held = hold === undefined ? [] : holdRefusals(restored, { state: 'held', hold }).map(formatProblem);
  for (const sentence of held) runner.logger.info(sentence);
  runner.addSummary(notesMarkdown([...held, ...secrets]));
}

/** A release in steps was rejected, and nothing else was written: what is to be verified is what users have again. */
function showRejected({ number, steps }: Release, runner: Runner): void {
  const stable = steps?.stable.release;
  runner.setOutput('release', String(stable ?? number));
  const sentence = `Release ${number} was rejected and is undone: all users have release ${stable}, and the formation is held until "mode: lift-hold"`;
  runner.logger.info(sentence);
  runner.addSummary(notesMarkdown([sentence]));
}
