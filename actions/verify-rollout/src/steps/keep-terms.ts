import type { ClusterClient } from '@slipway/cluster';
import { type Release, throwIfAny } from '@slipway/core';
import { setTerms, unsignedProblems } from '@slipway/release';
import { checkProblems } from '@slipway/steps';
import type { VerifyContext } from '../context.ts';
import { firstTerms, refuseOtherTerms } from './terms.ts';

/**
 * The release with the terms that its first verification has set, or sets now.
 * @throws SlipwayError `terms-differ`, `steps-check`, and `steps-unsigned` where what its commit would write cannot be verified
 */
export async function keepTerms(
  client: ClusterClient,
  release: Release,
  context: VerifyContext,
): Promise<Release> {
  if (release.steps === undefined || release.verdict !== undefined) return release;
  if (context.inputs.recordKeys === undefined)
    throwIfAny(unsignedProblems(release.objects, release.namespace));
  const kept = release.steps.terms === undefined ? await setFirst(client, release, context) : release;
  if (kept.steps?.terms !== undefined) refuseOtherTerms(kept, kept.steps.terms, context);
  return kept;
}

async function setFirst(
  client: ClusterClient,
  release: Release,
  context: Pick<VerifyContext, 'inputs' | 'own'>,
): Promise<Release> {
  const terms = firstTerms(release, context);
  throwIfAny(checkProblems(terms.checks ?? []));
  return await setTerms(client, release, terms);
}
