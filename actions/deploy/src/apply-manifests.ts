import type { ClusterClient } from '@slipway/cluster';
import { formatProblem, type Problem, type Release } from '@slipway/core';
import type { Runner } from '@slipway/github';
import {
  applyRelease,
  type PreparedRelease,
  planOf,
  prepareRelease,
  type ReleaseErrorCode,
  type ReleaseRequest,
  type Rules,
  recordRules,
  rolesFor,
  throwProblems,
} from '@slipway/release';
import { stringifyYaml } from '@slipway/yaml';
import { connect } from './connect.ts';
import type { Inputs } from './inputs.ts';
import { policyProblems, readRules } from './policies.ts';
import { noteRelease } from './post.ts';
import { promotionProblems } from './promotion.ts';
import { readSource } from './read-source.ts';
import { checkSeals, secretOpener } from './secrets.ts';
import { showPlan } from './show-plan.ts';
import { openSignOffs, type SignOffs } from './sign-offs.ts';
import type { Source } from './source.ts';
import { jobLogsSummary, releaseSummary } from './summary.ts';

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
      rules: await readRules(source, inputs, runner),
      signOffs: openSignOffs(inputs, runner),
      refusals: [...unresolved(source, inputs), ...promotion],
    });
  } finally {
    client.close();
  }
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
  readonly rules: Rules;
  readonly signOffs: SignOffs;
  /** What speaks against it already. */
  readonly refusals: readonly Problem[];
}

async function deploy(deployment: Deployment): Promise<void> {
  const { inputs, runner, source } = deployment;
  const prepared = await prepare(deployment, deployment.client);
  await showPlan(planOf(prepared), runner);
  runner.setOutput('previous-release', prepared.latest === 0 ? '' : String(prepared.latest));
  showRoles(prepared, runner);
  if (inputs.mode === 'plan') return throwProblems(withoutRights(tellSignOffs(prepared, runner)));
  throwProblems(prepared);
  const release = await applyRelease({
    prepared,
    client: deployment.client,
    prepareAgain: locked => prepare(deployment, locked),
    onRecorded: ({ number }) => {
      noteRelease(source.identity, number, { inputs, checkout: source.checkout }, runner);
      runner.setOutput('release', String(number));
    },
    onJobLogs: logs => runner.addSummary(jobLogsSummary(logs)),
    timeout: inputs.timeout,
    lockTimeout: inputs.lockTimeout,
    clock: () => new Date(),
    signal: runner.signal,
    logger: runner.logger,
  });
  announce(release, source, runner);
}

/** A plan says what wants to be signed off; that it is, deploying asks for. */
function tellSignOffs({ problems }: PreparedRelease, { logger }: Runner): Pick<PreparedRelease, 'problems'> {
  const isMissing = ({ code }: Problem): boolean => code === 'sign-off-missing';
  for (const problem of problems.filter(isMissing))
    logger.warning(`To be signed off: ${formatProblem(problem)}`);
  return { problems: problems.filter(problem => !isMissing(problem)) };
}

/** Who may only look can have a plan: it says what it could not tell, and the log which Role applying it takes. */
function withoutRights({ problems }: Pick<PreparedRelease, 'problems'>): Pick<PreparedRelease, 'problems'> {
  return { problems: problems.filter(({ code }) => code !== 'rights-missing') };
}

/** The release beside the cluster, with all refusals of whatever kind. */
async function prepare(deployment: Deployment, client: ClusterClient): Promise<PreparedRelease> {
  const { inputs, source, runner, rules, signOffs, refusals } = deployment;
  const { checkout } = source;
  const openSecrets =
    checkout === undefined || inputs.mode === 'plan' || source.seals.length === 0
      ? undefined
      : secretOpener(source, checkout, inputs, runner);
  const prepared = await prepareRelease({ client, request: requestOf(deployment), openSecrets });
  const policies = await policyProblems(source, prepared, { client, rules, signOffs, runner });
  return { ...prepared, problems: [...refusals, ...prepared.problems, ...policies] };
}

function requestOf({ source, inputs, rules, runner: { context } }: Deployment): ReleaseRequest {
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
    rules: recordRules(rules),
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
