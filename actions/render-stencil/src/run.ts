import { join } from 'node:path';
import { combinedDigest, withoutYoungGrowth } from '@slipway/core';
import { type Runner, showProblem } from '@slipway/github';
import {
  explainLines,
  outputFolder,
  type RenderedAll,
  readRepository,
  renderAll,
  selectTargets,
  wavesOf,
  writeRenderedTree,
} from '@slipway/render';
import { explainedMarkdown, explainedText, renderedMarkdown } from '@slipway/report';
import type { Inputs } from './inputs.ts';
import { readRevision, readSharedRevisions } from './revisions.ts';
import { readSnapshotOf } from './snapshot.ts';

export { type Inputs, readInputs } from './inputs.ts';

/** Renders the chosen destinations and leaves them where the next steps find them. */
export async function run(inputs: Inputs, runner: Runner): Promise<void> {
  await withoutYoungGrowth(() => renderTree(inputs, runner));
}

async function renderTree(inputs: Inputs, runner: Runner): Promise<void> {
  const { workspace, logger } = runner;
  const revision = readRevision(runner);
  const repository = await readRepository({ workspace, application: inputs.application });
  const targets = selectTargets(repository, inputs.formations, inputs.destinations);
  const output =
    inputs.output === undefined
      ? join(runner.temporaryDirectory, 'slipway', repository.application.metadata.name)
      : outputFolder(inputs.output, workspace);
  const snapshot = await readSnapshotOf(inputs, repository.application, runner);
  runner.setOutput('deployment-tag', snapshot?.deploymentTag ?? '');
  const configRevision = await revision;
  const sharedRevisions = await readSharedRevisions(runner, repository.sharedDirectories, configRevision);
  const { set } = inputs;
  const all = await renderAll(repository, {
    ...{ targets, set, sharedRevisions, tools: runner },
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(configRevision === undefined ? {} : { configRevision }),
  });
  const explained = explainLines(inputs.explain, repository, all.destinations, output);
  const destinations = await writeRenderedTree(output, all.destinations);
  runner.setOutput('manifests', output);
  runner.setOutput('digest', combinedDigest(destinations.map(({ rendered }) => rendered)));
  runner.setOutput('waves', JSON.stringify(wavesOf(repository, destinations)));
  showWarnings(all, runner);
  runner.addSummary(renderedMarkdown(repository.application.metadata.name, all));
  for (const line of explained) for (const text of explainedText(line)) logger.info(text);
  if (explained.length > 0) runner.addSummary(explained.map(explainedMarkdown).join(''));
  for (const { rendered, objects } of destinations)
    logger.info(
      `${rendered.formation}/${rendered.destination}: ${objects.length} objects, ${rendered.digest}`,
    );
}

function showWarnings({ warnings }: RenderedAll, runner: Runner): void {
  for (const warning of warnings) showProblem(warning, 'warning', runner);
}
