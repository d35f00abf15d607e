import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { formatProblem, isName, quote, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { readManifests } from '@slipway/render';
import type { DeployErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import type { Source } from './source.ts';

const FORMATIONS_FOLDER = 'formations';
const DEFAULT_FORMATION = 'default';
const DEFAULT_NAMESPACE = 'default';

/**
 * Ordinary manifests, such as Helm and Kustomize write them: whose they are the inputs say.
 * @throws SlipwayError `digest-differs` if one was given: a rendered tree that lost its rendered.json on the way would else pass for
 * plain manifests, which nothing was promised of; `tree-foreign` if they would be released as a formation of this checkout, whose
 * policies, seals and promotion hold for rendered trees only
 */
export async function readPlain(inputs: Inputs, runner: Runner): Promise<Source> {
  if (inputs.digest !== '') throw withoutDigest();
  if (await isOfCheckout(inputs, runner)) throw underFormation(inputs.formation);
  const { workspace, logger } = runner;
  const { objects, warnings } = await readManifests(inputs.manifests, workspace);
  for (const warning of warnings) logger.warning(formatProblem(warning));
  return {
    identity: plainIdentity(inputs, runner),
    objects,
    seals: [],
    allow: {},
    policies: [],
    packs: [],
  };
}

function withoutDigest(): SlipwayError<DeployErrorCode> {
  return new SlipwayError<DeployErrorCode>({
    code: 'digest-differs',
    message: 'a digest was given, but the manifests have none: they are no rendered tree',
    remedy: 'give the whole folder that render-stencil wrote, or no digest for plain manifests',
  });
}

async function isOfCheckout({ application, formation }: Inputs, { workspace }: Runner): Promise<boolean> {
  const file = application === '' || isName(application) ? 'slipway.yaml' : application;
  if (!isName(formation)) return false;
  const folder = dirname(resolve(workspace, file));
  // One call of resolve with the constant in it would be taken for an asset of the bundle by ncc, and rewritten.
  return await stat(`${folder}/${FORMATIONS_FOLDER}/${formation}.yaml`).then(
    () => true,
    () => false,
  );
}

function underFormation(formation: string): SlipwayError<DeployErrorCode> {
  return new SlipwayError<DeployErrorCode>({
    code: 'tree-foreign',
    message: `the manifests are no rendered tree, but ${quote(formation)} is a formation of this checkout`,
    remedy: 'give the whole folder that render-stencil wrote, or plain manifests another formation',
  });
}

/** Under which name plain manifests are released: what the inputs say, else the repository's name. */
export function plainIdentity(inputs: Inputs, { context }: Pick<Runner, 'context'>): Source['identity'] {
  return {
    application: isName(inputs.application) ? inputs.application : nameOf(context.repository),
    formation: inputs.formation === '' ? DEFAULT_FORMATION : inputs.formation,
    destination: inputs.destination === '' ? undefined : inputs.destination,
    namespace: inputs.namespace === '' ? DEFAULT_NAMESPACE : inputs.namespace,
  };
}

/** A repository's name may have capitals, dots and underscores, which a DNS label has not. */
function nameOf(repository: string): string {
  const name = repository
    .slice(repository.indexOf('/') + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'application' : name;
}
