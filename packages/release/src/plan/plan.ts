import { API_VERSION, type Plan, type PlannedChange, type RecordedObject, referenceTo } from '@slipway/core';
import { PRUNE } from '../keys.ts';
import { restartsPods } from '../objects/pod-specs.ts';
import { isWithin } from '../refusals/boundaries.ts';
import type { ReleaseRequest } from '../request.ts';
import type { PreparedObject } from './compare.ts';
import { isProtected } from './leaving.ts';
import type { PreparedRelease } from './prepare.ts';

/** What a prepared release would do, for people and for plan.json. */
export function planOf(prepared: PreparedRelease): Plan {
  const { request, objects } = prepared;
  const { application, formation, destination, namespace } = request.identity;
  const { deploymentTag } = request;
  return {
    apiVersion: API_VERSION,
    kind: 'Plan',
    application,
    formation,
    destination: destination ?? '',
    namespace,
    ...(deploymentTag === undefined ? {} : { deploymentTag }),
    method: 'dry-run',
    changes: [...objects.map(plannedChange), ...plannedPrunes(prepared)],
  };
}

function plannedPrunes({ request, leaving }: PreparedRelease): PlannedChange[] {
  if (request.prune === 'off') return [];
  return leaving.map(recorded => {
    const { apiVersion, kind, namespace, name } = recorded;
    const object = { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name };
    return { object, action: 'prune', note: pruneNote(request, recorded) };
  });
}

function pruneNote({ allow, identity, prune }: ReleaseRequest, object: RecordedObject): string {
  if (!isWithin(object, identity.namespace, allow))
    return "stays: the formation's allow does not name where it is";
  if (object.existedBefore === true) return 'stays: it existed before the formation had it';
  if (isProtected(object)) return `only with the annotation ${PRUNE}: allow`;
  return prune === 'now' ? 'at once' : 'once the release succeeded';
}

function plannedChange({ object, action, fields, note }: PreparedObject): PlannedChange {
  const restarts = action === 'change' && fields.some(({ pointer }) => restartsPods(object, pointer));
  return {
    object: referenceTo(object),
    action,
    ...(fields.length === 0 ? {} : { fields: [...fields] }),
    ...(restarts ? { restarts } : {}),
    ...(note === undefined ? {} : { note }),
  };
}
