import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shareClusters } from '@slipway/action-kit';
import {
  type ApplicationStatus,
  type InstancesStatus,
  type Problem,
  stringifyJson,
  throwIfAny,
} from '@slipway/core';
import { readApplicationStatus } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { makeFolder } from '@slipway/render';
import {
  alikeLines,
  instancesLines,
  statusLines,
  statusMarkdown,
  statusPage,
  statusTitle,
} from '@slipway/report';
import type { DeployErrorCode } from '../error-codes.ts';
import type { InputsFor } from '../inputs/inputs.ts';
import { surroundingsOf } from '../surroundings.ts';
import { keepStatusIssue } from '../tell/keep-status-issue.ts';
import { commitHistory } from './commit-history.ts';

/**
 * Shows what runs at every destination.
 * @throws SlipwayError `status-unknown` if something could not be found out, and `issue-forbidden`, after all that was seen is shown
 */
export async function readAndShowStatus(inputs: InputsFor<'status'>, runner: Runner): Promise<void> {
  const status = await readStatus(inputs, runner);
  runner.logger.info(statusTitle(status));
  for (const line of [...alikeLines(status), ...statusLines(status), ...instancesLines(status)])
    runner.logger.info(line);
  runner.addSummary(statusMarkdown(status));
  await writeStatus(status, runner);
  throwIfAny([...notKnown(status), ...(await keepStatusIssue(status, inputs, runner))]);
}

async function readStatus(inputs: InputsFor<'status'>, runner: Runner): Promise<ApplicationStatus> {
  const { cluster, registries, request } = inputs;
  const { serverUrl, repository } = runner.context;
  const clusters = shareClusters({ ...cluster, recordKeys: registries.recordKeys }, runner);
  try {
    return await readApplicationStatus(request, {
      ...surroundingsOf(inputs, runner),
      openCluster: destination => clusters.open(destination),
      history: commitHistory(inputs, runner),
      repositoryUrl: repository === '' ? '' : `${serverUrl}/${repository}`,
    });
  } finally {
    await clusters.close();
  }
}

/** Writes status.json and status.html, and sets the outputs that lead to them. */
async function writeStatus(status: ApplicationStatus, runner: Runner): Promise<void> {
  const folder = join(runner.temporaryDirectory, 'slipway', status.application);
  await makeFolder(folder);
  const [file, page] = [join(folder, 'status.json'), join(folder, 'status.html')];
  await writeFile(file, `${stringifyJson(status, 2)}\n`);
  await writeFile(page, statusPage(status));
  runner.setOutput('status', file);
  runner.setOutput('status-page', page);
  runner.setOutput('state', status.state);
}

/** Instances that are not known fail the step only where nothing else was asked for. */
function notKnown({ destinations, instances = [] }: ApplicationStatus): Problem<DeployErrorCode>[] {
  if (destinations.length === 0) return instances.flatMap(instancesNotKnown);

  const unknown = destinations.filter(({ state }) => state === 'unknown');
  const names = unknown.map(({ formation, destination }) => `${formation}/${destination}`);
  if (unknown.length === 0) return [];
  return [
    {
      code: 'status-unknown',
      message: `${unknown.length} of ${destinations.length} destinations could not be seen as a whole: ${names.join(', ')}`,
      remedy: 'the summary says what is not known, and why',
    },
  ];
}

function instancesNotKnown({ formation, destination, unknown }: InstancesStatus): Problem<DeployErrorCode>[] {
  if (unknown === undefined) return [];
  return [
    {
      code: 'status-unknown',
      message: `the instances of ${formation}/${destination} could not be seen: ${unknown.join('; ')}`,
      remedy: 'give the credentials of examples/roles/viewer.yaml in that namespace',
    },
  ];
}
