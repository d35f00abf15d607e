import { openRegistry, openRunnerHistory, spawnFor } from '@slipway/action-kit';
import { count, defined } from '@slipway/core';
import { type Heads, openHeads } from '@slipway/git';
import { type Runner, showProblem, withoutYoungGrowth } from '@slipway/github';
import {
  checkExpectedWaves,
  checkMatrix,
  type Promotions,
  prepareRendering,
  type ReadTaggedSnapshot,
  type RenderedAll,
  type RenderingSurroundings,
  renderApplication,
} from '@slipway/render';
import { explainedMarkdown, explainedText, renderedMarkdown } from '@slipway/report';
import type { Inputs } from './inputs.ts';
import { openPromotions } from './promotions.ts';
import { sayHead } from './say-head.ts';
import { configRevisionOf, sayPromoted } from './say-promoted.ts';
import { saySkipped } from './say-skipped.ts';
import { warnOfUncommitted } from './warn-of-uncommitted.ts';

export { type Inputs, readInputs } from './inputs.ts';

/** Renders the chosen destinations and leaves them where the next steps find them. */
export async function run(inputs: Inputs, runner: Runner): Promise<void> {
  await withoutYoungGrowth(() => renderTree(inputs, runner));
}

async function renderTree(inputs: Inputs, runner: Runner): Promise<void> {
  const { logger } = runner;
  const { application: path } = inputs.request;
  const history = openRunnerHistory({ application: path, token: inputs.token }, runner);
  const heads = openHeads(runner);
  // Git answers while the files are read.
  void heads.revision(path);
  const promotions = openPromotions(inputs, history, heads, runner);
  const surroundings = surroundingsOf(inputs, heads, promotions, runner);
  const request = { ...inputs.request, ...defined({ spawn: spawnFor(inputs.spawn, runner.context) }) };
  const prepared = await prepareRendering(request, surroundings);
  saySkipped(prepared, request, runner);
  runner.setOutput('deployment-tag', prepared.snapshot?.deploymentTag ?? '');
  sayPromoted(prepared, inputs.request, logger);
  await sayHead(prepared, inputs.request, { history, promotions }, runner);
  warnOfUncommitted(prepared, logger);
  const rendered = await renderApplication(prepared, inputs.request, surroundings);
  checkMatrix(rendered.waves);
  checkExpectedWaves(rendered.waves, inputs.expectedWaves);
  runner.setOutput('manifests', prepared.output);
  runner.setOutput('digest', rendered.digest);
  runner.setOutput('config-revision', configRevisionOf(rendered));
  runner.setOutput('waves', JSON.stringify(rendered.waves));
  showWarnings(rendered, runner);
  const { application } = prepared.repository;
  runner.addSummary(renderedMarkdown(application.metadata.name, rendered));
  for (const line of rendered.explained) for (const text of explainedText(line)) logger.info(text);
  runner.addSummary(rendered.explained.map(explainedMarkdown).join(''));
  for (const { rendered: of, objects } of rendered.destinations)
    logger.info(`${of.formation}/${of.destination}: ${count(objects.length, 'object')}, ${of.digest}`);
}

function surroundingsOf(
  inputs: Inputs,
  heads: Heads,
  promotions: Promotions,
  runner: Runner,
): RenderingSurroundings {
  const { workspace, temporaryDirectory, environment, exec } = runner;
  return {
    ...{ workspace, temporaryDirectory, environment, exec },
    readRevision: heads.revision,
    openHead: heads.files,
    readTaggedSnapshot: snapshotReader(inputs, runner),
    promotions,
  };
}

/** The registry client is loaded only when it is needed: a snapshot in a file needs none. */
function snapshotReader(inputs: Inputs, runner: Runner): ReadTaggedSnapshot {
  return async (home, deploymentTag) => {
    const { readSnapshot } = await import('@slipway/registry');
    return await readSnapshot(await openRegistry(inputs, runner), home, deploymentTag);
  };
}

function showWarnings({ warnings }: RenderedAll, runner: Runner): void {
  for (const warning of warnings) showProblem(warning, 'warning', runner);
}
