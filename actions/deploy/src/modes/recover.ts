import { type Lost, planRecovery, recover } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { type RecoveryRow, recoveryLines, recoveryMarkdown, recoveryTitle } from '@slipway/report';
import { openSignOffs } from '../approvals.ts';
import type { InputsFor } from '../inputs/inputs.ts';
import { surroundingsOf } from '../surroundings.ts';
import { noneRecovered, recoveryTargets } from '../tell/recovery-targets.ts';
import { showDeployment } from '../tell/show-deployment.ts';
import { listenTo, showRelease } from './apply.ts';

/**
 * Shows what lived in the cluster of a destination and what of it can be brought back, and lists it for the jobs that do.
 * @throws SlipwayError `recovery-refused` if nothing is known to have been there, as a list without an item would pass for a success
 */
export async function planRecoveryAndShow(inputs: InputsFor<'recover-plan'>, runner: Runner): Promise<void> {
  const { application, lost, elsewhere } = await planRecovery(inputs.request, surroundingsOf(inputs, runner));
  const shown = { application, rows: lost.map(rowOf), elsewhere };
  runner.logger.info(recoveryTitle(shown));
  for (const line of recoveryLines(shown)) runner.logger.info(line);
  for (const { name, state, sentences } of shown.rows)
    if (state !== 'ready') runner.logger.warning(`${name} is not brought back: ${sentences.join('; ')}`);
  runner.addSummary(recoveryMarkdown(shown));
  const targets = recoveryTargets(lost);
  if (targets.length === 0) throw noneRecovered(application);
  runner.setOutput('targets', JSON.stringify(targets));
}

/** Brings what last passed at one destination to a new cluster. */
export async function recoverAndShow(inputs: InputsFor<'recover'>, runner: Runner): Promise<void> {
  const { token, request } = inputs;
  const signOffs = openSignOffs({ token, application: request.application }, runner);
  const shown = await showDeployment(runner, known =>
    recover(request, signOffs, surroundingsOf(inputs, runner), {
      ...listenTo(known, inputs, runner),
      onFound: found => showFound(found, runner),
    }),
  );
  showRelease(shown, runner);
}

function showFound(found: Lost, runner: Runner): void {
  const { application } = found.target.identity;
  const shown = { application, rows: [rowOf(found)], elsewhere: [] };
  for (const line of recoveryLines(shown)) runner.logger.info(line);
  runner.addSummary(recoveryMarkdown(shown));
}

function rowOf(lost: Lost): RecoveryRow {
  const { formation, destination = '' } = lost.target.identity;
  const { passed } = lost;
  const facts = passed && {
    deploymentTag: passed.deploymentTag,
    revision: passed.revision,
    began: passed.began,
  };
  return {
    ...{ name: `${formation}/${destination}`, state: lost.state, ...facts },
    sentences: [
      ...(lost.state === 'ready' ? lost.notRestored : [lost.why]),
      ...(passed?.note === undefined ? [] : [`${passed.note}; this is the one that last passed`]),
    ],
  };
}
