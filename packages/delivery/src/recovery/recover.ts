import { join } from 'node:path';
import { type Problem, quote, type Release, SlipwayError } from '@slipway/core';
import type { PreparedRelease } from '@slipway/release';
import { writeRenderedTree } from '@slipway/render';
import type { DesiredState } from '../desired/desired-state.ts';
import type { DeliveryErrorCode } from '../error-codes.ts';
import { DEFAULT_APPLICATION, findFormation } from '../formation/find-formation.ts';
import type { SignOffs } from '../guard/sign-offs.ts';
import { type ApplyListener, applyManifests } from '../modes/apply-manifests.ts';
import type { ApplyManifestsRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { type Lost, readLost } from './lost.ts';

/** Where what last passed is written, in the temporary folder. */
const FOLDER = 'recovered';

export type RecoverRequest = Omit<
  ApplyManifestsRequest,
  'manifests' | 'digest' | 'configRevision' | 'config'
>;

export interface RecoverListener extends ApplyListener {
  /** What last passed was found and rendered; nothing was asked of the cluster yet. */
  onFound(found: Lost & { readonly state: 'ready' }): void;
}

/**
 * Brings what last passed at a destination to a cluster that has no release of it, as one that was lost and made again: the same
 * snapshot, rendered from the same commit to the same digest. That it passed here is why it needs not pass anywhere else again.
 * @throws SlipwayError `recovery-refused`, `recovery-not-empty`, and as an apply does
 */
export async function recover(
  request: RecoverRequest,
  signOffs: SignOffs,
  surroundings: DeliverySurroundings,
  listener: RecoverListener,
): Promise<Release> {
  const found = await findFormation(request, surroundings);
  const { identity, checkout } = found;
  const target = `${identity.formation}/${identity.destination ?? ''}`;
  if (checkout === undefined) throw refusal(target, 'plain manifests cannot be rendered again');
  const application = request.application || DEFAULT_APPLICATION;
  const lost = await readLost(
    { identity, checkout },
    { application, registry: request.registry },
    surroundings,
  );
  if (lost.state !== 'ready') throw refusal(target, lost.why);
  listener.onFound(lost);
  const { passed, rendering } = lost;
  const manifests = join(surroundings.temporaryDirectory, 'slipway', FOLDER);
  await writeRenderedTree(manifests, [rendering]);
  const { configFrom } = passed.left;
  return await applyManifests(
    {
      ...request,
      ...{ formation: identity.formation, destinations: [identity.destination ?? ''] },
      ...{ manifests: [manifests], digest: passed.left.digest, configRevision: passed.revision },
    },
    signOffs,
    surroundings,
    listener,
    async desired => ({
      promotion: { refusals: [], ...(configFrom === undefined ? {} : { configFrom }) },
      refusals: [],
      inCluster: prepared => notEmpty(target, desired, prepared),
    }),
  );
}

function refusal(target: string, why: string): SlipwayError<DeliveryErrorCode> {
  return new SlipwayError({
    code: 'recovery-refused',
    message: `${quote(target)} is not recovered: ${why}`,
    remedy: 'once that is settled, start again, or release to it in the usual way',
  });
}

/** A release of the same tree is what a run left that was cut off, or that is run again. */
function notEmpty(
  target: string,
  { digest, snapshot }: Pick<DesiredState, 'digest' | 'snapshot'>,
  { latest, previous }: Pick<PreparedRelease, 'latest' | 'previous'>,
): readonly Problem<DeliveryErrorCode>[] {
  const isSame = previous?.digest === digest && previous?.deploymentTag === snapshot?.deploymentTag;
  if (latest === 0 || isSame) return [];
  return [
    {
      code: 'recovery-not-empty',
      message: `the cluster has release ${latest} of ${quote(target)}, so it is not one that was lost`,
      remedy: 'check where the kubeconfig leads; what runs there is changed by a release or a rollback',
    },
  ];
}
