import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { formatProblem, isName, quote, SlipwayError, stepsOf } from '@slipway/core';
import { readManifests } from '@slipway/render';
import type { DeliveryErrorCode } from '../error-codes.ts';
import { DEFAULT_APPLICATION } from '../formation/find-formation.ts';
import { plainIdentity } from '../formation/plain-identity.ts';
import type { ManifestsChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import type { DesiredState } from './desired-state.ts';
import { withoutHooks } from './plain-hooks.ts';

const FORMATIONS_FOLDER = 'formations';

/**
 * Plain manifests, such as Helm and Kustomize write them. The caller says which formation they are released as.
 * @throws SlipwayError `digest-differs` if a digest was given: a rendered tree that lost its rendered.json on the way would pass for
 * plain manifests, which have no digest; `tree-foreign` if they would be released as a formation of this checkout, whose policies,
 * seals and promotion apply to rendered trees only
 */
export async function readPlain(
  choice: ManifestsChoice,
  { workspace, logger, run }: Pick<DeliverySurroundings, 'workspace' | 'logger' | 'run'>,
): Promise<DesiredState> {
  if (choice.digest !== '') throw digestOfPlainManifests();
  if (await isOfCheckout(choice, workspace)) throw formationOfCheckout(choice.formation);
  const { objects, warnings } = await readManifests(choice.manifests, workspace);
  for (const warning of warnings) logger.warning(formatProblem(warning));
  return {
    identity: plainIdentity(choice, run.repository),
    objects: withoutHooks(objects, logger),
    seals: [],
    allow: choice.allow,
    strategy: stepsOf(choice.strategy),
    policies: [],
    packs: [],
  };
}

function digestOfPlainManifests(): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError<DeliveryErrorCode>({
    code: 'digest-differs',
    message: 'a digest was given, but the manifests have none: they are not a rendered tree',
    remedy: 'give the whole folder that render-stencil wrote, or no digest for plain manifests',
  });
}

async function isOfCheckout(
  { application, formation }: ManifestsChoice,
  workspace: string,
): Promise<boolean> {
  const file = application === '' || isName(application) ? DEFAULT_APPLICATION : application;
  if (!isName(formation)) return false;
  const folder = dirname(resolve(workspace, file));
  // ncc would take one call of resolve with the constant in it for the path of an asset, and rewrite it.
  return await stat(`${folder}/${FORMATIONS_FOLDER}/${formation}.yaml`).then(
    () => true,
    () => false,
  );
}

function formationOfCheckout(formation: string): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError<DeliveryErrorCode>({
    code: 'tree-foreign',
    message: `the manifests are not a rendered tree, but ${quote(formation)} is a formation of this checkout`,
    remedy: 'give the whole folder that render-stencil wrote, or name another formation for plain manifests',
  });
}
