import type { Problem } from '@slipway/core';
import { namespaceTerminating } from '../cluster/namespace.ts';
import { parentProblems } from '../records/inventory.ts';
import { outsideProblems, reservedProblems } from '../refusals/boundaries.ts';
import {
  duplicateProblems,
  lengthProblems,
  namingProblems,
  orderProblems,
  timeProblems,
} from '../refusals/manifests.ts';
import { imageProblems, snapshotProblems } from '../refusals/snapshot.ts';
import type { ReleaseObject, ReleaseRequest, ResolvedObject } from '../request.ts';
import type { Surroundings } from './look-around.ts';

/** The reasons to refuse a release that its manifests alone show, whatever the cluster has. */
export function writtenProblems(objects: readonly ReleaseObject[]): Problem[] {
  return [
    ...orderProblems(objects),
    ...reservedProblems(objects),
    ...timeProblems(objects),
    ...lengthProblems(objects),
    ...namingProblems(objects),
  ];
}

/** The reasons to refuse a release that are known before its objects are compared with the live ones. */
export function requestProblems(
  request: ReleaseRequest,
  resolved: readonly ResolvedObject[],
  { parent, previous, recordProblems, terminating }: Surroundings,
): Problem[] {
  const { identity, adopt, allow, snapshot, restores } = request;
  // Objects of a record have Slipway's own marks, and their waiting times were checked when they were deployed.
  const written = restores === undefined ? request.objects : [];
  return [
    // Without the record no one knows what was deployed: what to prune, which Jobs have run, which snapshot is live.
    ...recordProblems,
    ...[...terminating].map(namespaceTerminating),
    ...(adopt ? [] : parentProblems(parent, identity)),
    ...duplicateProblems(resolved),
    ...orderProblems(resolved),
    ...reservedProblems(written),
    ...timeProblems(written),
    ...lengthProblems(request.objects),
    ...namingProblems(request.objects),
    ...outsideProblems(resolved, identity.namespace, allow),
    ...imageProblems(resolved, snapshot),
    ...snapshotProblems(request, previous),
  ];
}
