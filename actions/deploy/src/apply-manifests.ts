import { resolve } from 'node:path';
import type { ClusterClient } from '@slipway/cluster';
import type { Problem, Release } from '@slipway/core';
import type { Runner } from '@slipway/github';
import {
  applyRelease,
  type PreparedRelease,
  planOf,
  prepareRelease,
  type ReleaseErrorCode,
  type ReleaseRequest,
  rolesFor,
  throwProblems,
} from '@slipway/release';
import { isRenderedTree } from '@slipway/render';
import { stringifyYaml } from '@slipway/yaml';
import { connect } from './connect.ts';
import type { Inputs } from './inputs.ts';
import { countChanges, planLines, planTitle, writePlan } from './plan.ts';
import { policyProblems } from './policies.ts';
import { promotionProblems } from './promotion.ts';
import { readPlain } from './read-plain.ts';
import { readTree } from './read-tree.ts';
import { checkSeals, secretOpener } from './secrets.ts';
import type { Source } from './source.ts';
import { planSummary, releaseSummary } from './summary.ts';

/** Brings manifests to a cluster as a release, or says what that would change. */
export async function applyManifests(inputs: Inputs, runner: Runner): Promise<void> {
  const source = await readSource(inputs, runner);
  checkSeals(source);
  const [promotion, client] = await Promise.all([
    promotionProblems(source, inputs, runner),
    connect(inputs, source, runner),
  ]);
  try {
    await deploy({
      inputs,
      source,
      runner,
      client,
      refusals: [...unresolved(source, inputs), ...promotion],
    });
  } finally {
    client.close();
  }
}

async function readSource(inputs: Inputs, runner: Runner): Promise<Source> {
  const [path, ...others] = inputs.manifests;
  const absolute = resolve(runner.workspace, path ?? '');
  return others.length === 0 && (await isRenderedTree(absolute))
    ? await readTree(absolute, inputs, runner)
    : await readPlain(inputs, runner);
}

/** A plan for a pull request has no snapshot yet. */
function unresolved({ checkout, snapshot }: Source, { mode }: Inputs): Problem<ReleaseErrorCode>[] {
  if (checkout === undefined || snapshot !== undefined || mode === 'plan') return [];
  return [
    {
      code: 'image-unresolved',
      message: 'the manifests were rendered without a snapshot, so their images are unresolved',
      remedy: 'give render-stencil the output "snapshot" of build-retag',
    },
  ];
}

interface Deployment {
  readonly inputs: Inputs;
  readonly source: Source;
  readonly runner: Runner;
  readonly client: ClusterClient;
  /** What speaks against it already. */
  readonly refusals: readonly Problem[];
}

async function deploy(deployment: Deployment): Promise<void> {
  const { inputs, runner, source } = deployment;
  const prepared = await prepare(deployment, deployment.client);
  await showPlan(prepared, runner);
  showRoles(prepared, runner);
  throwProblems(prepared);
  if (inputs.mode === 'plan') return;
  const release = await applyRelease({
    prepared,
    client: deployment.client,
    prepareAgain: locked => prepare(deployment, locked),
    onRecorded: ({ number }) => runner.setOutput('release', String(number)),
    timeout: inputs.timeout,
    lockTimeout: inputs.lockTimeout,
    clock: () => new Date(),
    signal: runner.signal,
    logger: runner.logger,
  });
  announce(release, source, runner);
}

/** The release beside the cluster, with all refusals of whatever kind. */
async function prepare(deployment: Deployment, client: ClusterClient): Promise<PreparedRelease> {
  const { inputs, source, runner, refusals } = deployment;
  const { checkout } = source;
  const openSecrets =
    checkout === undefined || inputs.mode === 'plan' || source.seals.length === 0
      ? undefined
      : secretOpener(source, checkout, inputs, runner);
  const prepared = await prepareRelease({ client, request: requestOf(source, inputs, runner), openSecrets });
  const policies = await policyProblems(source, prepared, { client, inputs, runner });
  return { ...prepared, problems: [...refusals, ...prepared.problems, ...policies] };
}

function requestOf(source: Source, inputs: Inputs, { context }: Runner): ReleaseRequest {
  const { identity, objects, seals, snapshot, configRevision, digest, allow, verify, checkout } = source;
  return {
    identity: { ...identity, repository: context.repository },
    objects: objects.map(manifest => ({
      object: manifest.object,
      at: manifest.placeOf('/metadata/name'),
      placeOf: pointer => manifest.placeOf(pointer),
    })),
    seals,
    snapshot,
    deploymentTag: snapshot?.deploymentTag,
    configRevision,
    digest,
    allow,
    verify,
    server: checkout?.destination.cluster?.server,
    prune: inputs.prune,
    actor: context.actor,
    run: context.runUrl,
    reason: inputs.reason,
    adopt: inputs.adopt,
    forceConflicts: inputs.forceConflicts,
    allowOlder: inputs.allowOlder,
  };
}

async function showPlan(prepared: PreparedRelease, runner: Runner): Promise<void> {
  const plan = planOf(prepared);
  const { application, formation, destination, namespace } = plan;
  const place = `${application}/${formation}${destination === '' ? '' : ` at ${destination}`}, namespace ${namespace}`;
  runner.setOutput('plan', await writePlan(plan, runner));
  runner.setOutput('changes', String(countChanges(plan)));
  runner.setOutput('previous-release', prepared.latest === 0 ? '' : String(prepared.latest));
  runner.logger.info(`${place}: ${planTitle(plan)}`);
  for (const line of planLines(plan)) runner.logger.info(line);
  runner.addSummary(planSummary(plan, `Deploy ${place}`));
}

/** Whoever may grant rights can apply what the log shows as it is. */
function showRoles({ missing }: PreparedRelease, { logger }: Runner): void {
  const text = rolesFor(missing)
    .map(role => stringifyYaml(role))
    .join('---\n');
  for (const line of text.split('\n')) if (line !== '') logger.info(line);
}

function announce(release: Release, { identity }: Source, runner: Runner): void {
  const written = release.objects.filter(object => object.written).length;
  runner.logger.info(
    `Release ${release.number} of ${identity.application}/${identity.formation}: ${written} of ${release.objects.length} objects written`,
  );
  runner.addSummary(releaseSummary(release));
}
