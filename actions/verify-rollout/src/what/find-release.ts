import type { ClusterClient } from '@slipway/cluster';
import { defined, quote, type Release, SlipwayError, textMap, throwIfAny } from '@slipway/core';
import { APPLICATION, FORMATION, type KubernetesObject, VERDICT } from '@slipway/kubernetes';
import {
  assertMade,
  assertOwnImages,
  assertWhole,
  type ReleaseErrorCode,
  readRelease,
  serverProblems,
} from '@slipway/release';
import type { VerifyErrorCode } from '../error-codes.ts';
import type { Identity } from './find-identity.ts';

/**
 * The record of a release at the destination that is meant: another one may have a namespace of that name in another cluster.
 * @throws SlipwayError `server-differs`, `destination-differs`, `record-missing`, `record-inconsistent`, `place-unknown`
 */
export async function findRelease(
  client: ClusterClient,
  identity: Identity,
  number: number,
): Promise<Release> {
  throwIfAny(serverProblems(client, defined({ server: identity.server })));
  const release = await readRecord(client, identity, number);
  assertWhole(release);
  assertOwnImages(release);
  assertMade(release, new Date());
  const { destination } = release;
  if (identity.destination === '' || destination === undefined || destination === identity.destination)
    return release;
  throw new SlipwayError<ReleaseErrorCode>({
    code: 'destination-differs',
    message: `release ${number} in namespace ${quote(identity.namespace)} has the destination ${quote(destination)}, not ${quote(identity.destination)}`,
    remedy:
      'check kubeconfig, context, namespace and destination: one of them belongs to another destination',
  });
}

/**
 * The record of a release; where application or formation are not known, the namespace's records tell them, if only one fits.
 * @throws SlipwayError `record-missing`, `place-unknown`
 */
async function readRecord(client: ClusterClient, identity: Identity, number: number): Promise<Release> {
  const { application, formation, namespace } = identity;
  if (application !== '' && formation !== '')
    return readRelease(client, { application, formation, namespace }, number);
  const owners = await ownersOf(client, identity, number);
  const [owner, ...others] = owners;
  if (owner !== undefined && others.length === 0) return readRelease(client, { ...owner, namespace }, number);
  throw unclear(identity, number, owners);
}

interface Owner {
  readonly application: string;
  readonly formation: string;
}

async function ownersOf(
  client: ClusterClient,
  identity: Identity,
  number: number,
): Promise<readonly Owner[]> {
  const { items } = await client.listMetadata({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: identity.namespace,
    labelSelector: VERDICT,
  });
  return items
    .filter(({ metadata }) => metadata.name.endsWith(`.${number}`))
    .map(ownerOf)
    .filter(({ application }) => identity.application === '' || application === identity.application)
    .filter(({ formation }) => identity.formation === '' || formation === identity.formation);
}

function ownerOf({ metadata }: KubernetesObject): Owner {
  const labels = textMap(metadata['labels']);
  return { application: labels[APPLICATION] ?? '', formation: labels[FORMATION] ?? '' };
}

function unclear(
  { namespace }: Identity,
  number: number,
  owners: readonly Owner[],
): SlipwayError<VerifyErrorCode> {
  const names = owners.map(({ application, formation }) => `${application}/${formation}`).join(', ');
  return new SlipwayError({
    code: 'place-unknown',
    message:
      owners.length === 0
        ? `there is no record of a release ${number} in namespace ${quote(namespace)}`
        : `release ${number} in namespace ${quote(namespace)} could be that of ${names}`,
    remedy:
      owners.length === 0
        ? 'check "release" and "namespace", or deploy first'
        : 'give "application" and "formation"',
  });
}
