import type { ClusterClient } from '@slipway/cluster';
import {
  type Finding,
  formatPointer,
  formatProblem,
  type KubernetesObject,
  type Problem,
  SlipwayError,
  type SourceDocument,
} from '@slipway/core';
import type { Runner } from '@slipway/github';
import { type CheckedObject, check } from '@slipway/policy';
import { type AsGiven, asGivenIn, type PreparedObject, type PreparedRelease } from '@slipway/release';
import { type ManifestObject, readManifests } from '@slipway/render';
import { clusterDefinitions } from './cluster-definitions.ts';
import type { DeployErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import type { Checkout, Source } from './source.ts';

export interface PolicyContext {
  readonly client: ClusterClient;
  readonly inputs: Inputs;
  readonly runner: Runner;
}

/**
 * Checks the release once more with the code of policy-check, now with the objects as the server would store them and as they
 * are. What policies want signed off counts as refused.
 * @returns the refusals; warnings go to the log
 */
export async function policyProblems(
  source: Source,
  prepared: PreparedRelease,
  { client, inputs, runner }: PolicyContext,
): Promise<Problem[]> {
  return await findProblems(checkedObjects(source, prepared), source, { client, inputs, runner });
}

/** The same for a release that is restored: what was right then need not be right by the rules of this checkout. */
export async function recordedPolicyProblems(
  prepared: PreparedRelease,
  checkout: Checkout | undefined,
  context: PolicyContext,
): Promise<Problem[]> {
  const asGiven = givenNamesOf(prepared);
  const objects = prepared.objects.map(compared => ({
    object: asGiven(compared.object),
    ...statesOf(compared, asGiven),
  }));
  const rules = {
    identity: prepared.request.identity,
    policies: checkout?.repository.policies ?? [],
    packs: checkout?.formation.spec.policies?.packs ?? [],
  };
  return await findProblems(objects, rules, context);
}

async function findProblems(
  objects: readonly CheckedObject[],
  rules: Pick<Source, 'identity' | 'policies' | 'packs'>,
  { client, inputs, runner }: PolicyContext,
): Promise<Problem[]> {
  const { formation, destination, namespace } = rules.identity;
  const namespaceObject = await liveNamespace(client, namespace);
  const findings = await check({
    objects,
    policies: [...rules.policies, ...(await readPolicies(inputs.policies, runner.workspace))],
    packs: [...new Set([...rules.packs, ...inputs.packs])],
    kubernetesVersion: client.kubernetesVersion,
    customResources: await clusterDefinitions(objects, client),
    namespace,
    namespaces: namespaceObject === undefined ? [] : [namespaceObject],
    undecided: 'error',
    formation,
    ...(destination === undefined ? {} : { destination }),
    signal: runner.signal,
    now: new Date(),
  });
  for (const finding of findings)
    if (!refuses(finding)) runner.logger.info(`${finding.severity}: ${formatProblem(problemOf(finding))}`);
  return findings.filter(refuses).map(problemOf);
}

function refuses({ severity }: Finding): boolean {
  return severity === 'error' || severity === 'sign-off';
}

function problemOf({ rule, message, fix, place, severity }: Finding): Problem<DeployErrorCode> {
  const signOff = severity === 'sign-off' ? ' (wants to be signed off)' : '';
  return {
    code: 'policy-refused',
    message: `${rule}: ${message}${signOff}`,
    ...(fix === undefined ? {} : { remedy: fix }),
    ...(place === undefined ? {} : { at: place }),
  };
}

/** A Secret's values are no policy's business: where there are some, the policies see the stand-ins. */
function checkedObjects(source: Source, prepared: PreparedRelease): CheckedObject[] {
  const compared = new Map(prepared.objects.map(object => [object.source, object]));
  const asGiven = givenNamesOf(prepared);
  return source.objects.map(manifest => {
    const found = compared.get(manifest.object);
    return {
      object: manifest.object,
      placeOf: pointer => manifest.placeOf(pointer),
      ...(found === undefined ? {} : statesOf(found, asGiven)),
    };
  });
}

/**
 * What the server would store and what it has, under the names of the manifests: a policy that forbids a name, or asks for a
 * reference to be there, means those, and policy-check saw nothing else.
 */
function statesOf(
  { live, before, answer, sealed }: PreparedObject,
  asGiven: AsGiven,
): Pick<CheckedObject, 'admitted' | 'old'> {
  const old = before ?? live;
  return {
    ...(answer === undefined || sealed ? {} : { admitted: asGiven(answer) }),
    ...(old === undefined ? {} : { old: asGiven(old) }),
  };
}

function givenNamesOf({ objects }: PreparedRelease): AsGiven {
  return asGivenIn(
    objects.flatMap(({ object, before }) => (before === undefined ? [object] : [object, before])),
  );
}

/** Without the right to look at it, policies that ask for the namespace are undecided. */
async function liveNamespace(client: ClusterClient, name: string): Promise<KubernetesObject | undefined> {
  try {
    return await client.get({ apiVersion: 'v1', kind: 'Namespace', name });
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'cluster-forbidden') return undefined;
    throw error;
  }
}

async function readPolicies(paths: readonly string[], workspace: string): Promise<SourceDocument[]> {
  if (paths.length === 0) return [];
  return (await readManifests(paths, workspace)).objects.map(documentOf);
}

function documentOf(manifest: ManifestObject): SourceDocument {
  return {
    path: manifest.file,
    index: manifest.document,
    value: manifest.object,
    positionOf: path => manifest.placeOf(formatPointer(path)),
    keyPositionOf: path => manifest.placeOf(formatPointer(path)),
  };
}
