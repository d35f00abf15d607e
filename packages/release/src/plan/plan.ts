import { API_VERSION, defined, type Plan, type PlannedChange, type RecordedObject } from '@slipway/core';
import { isJob, isWithin, keyOf, kindKey, objectKey, PRUNE, referenceTo } from '@slipway/kubernetes';
import { plannedSteps } from '@slipway/steps';
import { givenKey, isVersion, underGivenName } from '../content/given-names.ts';
import { isContentKind } from '../content/naming.ts';
import { restartsPods } from '../objects/pod-specs.ts';
import { isProtected } from '../records/leaving.ts';
import type { ReleaseRequest } from '../request.ts';
import { beforeLine } from './before-line.ts';
import type { PreparedObject } from './compared.ts';
import type { PreparedRelease } from './prepare.ts';

/** What a prepared release would do, as plan.json has it. */
export function planOf(prepared: PreparedRelease): Plan {
  const { request, objects, notCompared } = prepared;
  const { application, formation, destination, namespace } = request.identity;
  const { deploymentTag } = request;
  const limits = limitsOf(prepared);
  return {
    apiVersion: API_VERSION,
    kind: 'Plan',
    application,
    formation,
    destination: destination ?? '',
    namespace,
    ...defined({ deploymentTag }),
    method: objects.some(({ merged }) => merged === true) ? 'merge' : 'dry-run',
    ...(limits.length === 0 ? {} : { limits }),
    ...defined({ before: beforeLine(prepared.before), steps: stepsIn(prepared) }),
    changes: [...objects.map(plannedChange), ...plannedPrunes(prepared)],
    ...(notCompared === 0 ? {} : { notCompared }),
  };
}

/** How it reaches its users, if its formation has steps. */
function stepsIn({ steps, objects, request }: PreparedRelease): Plan['steps'] {
  const { strategy, prune, verify } = request;
  if (steps === undefined || strategy === undefined) return undefined;
  const runs = objects.filter(
    ({ object, action }) =>
      isJob(object) && steps.halves.get(keyOf(object)) === 'first' && ['create', 'replace'].includes(action),
  );
  const planned = plannedSteps({
    ...{ strategy, prune, onFailure: verify?.['on-failure'], checks: verify?.checks ?? [] },
    ...{ workloads: steps.workloads, leftOut: steps.leftOut },
    firstJobs: runs.map(({ object }) => object),
  });
  const others = steps.otherSenders.map(({ message, remedy }) => `${message}; ${remedy}`);
  return { ...planned, notes: [...planned.notes, ...others] };
}

/** What the plan does not know for lack of rights. */
function limitsOf({ objects, missing, request }: PreparedRelease): string[] {
  const kinds = new Set(objects.filter(({ merged }) => merged === true).map(({ object }) => kindKey(object)));
  const { namespace } = request.identity;
  const isBlind = missing.some(
    right =>
      right.group === '' &&
      right.resource === 'secrets' &&
      right.namespace === namespace &&
      ['get', 'list'].includes(right.verb),
  );
  return [
    ...(kinds.size === 0
      ? []
      : [
          `compared by a local merge, without the server's defaults and checks, since its dry run takes the rights to create and patch: ${[...kinds].join(', ')}`,
        ]),
    ...(isBlind
      ? [
          'what earlier releases left, and therefore what would be deleted, is not known: the credentials may not read Secrets',
        ]
      : []),
  ];
}

function plannedPrunes({ request, objects, leaving }: PreparedRelease): PlannedChange[] {
  if (request.prune === 'off') return [];
  const staying = new Set(objects.map(({ object }) => keyOf(underGivenName(object))));
  // A version of a ConfigMap or Secret is a change only if its given name left the formation.
  const gone = leaving.filter(recorded => !isVersion(recorded) || !staying.has(givenKey(recorded)));
  const changes = gone.map((recorded): [string, PlannedChange] => {
    const { apiVersion, kind, namespace, name, given = name } = recorded;
    const scope = namespace === undefined ? {} : { namespace };
    const object = { apiVersion, kind, ...scope, name: isVersion(recorded) ? given : name };
    return [objectKey(object), { object, action: 'prune', note: pruneNote(request, recorded) }];
  });
  return [...new Map(changes).values()];
}

function pruneNote({ allow, identity, prune }: ReleaseRequest, object: RecordedObject): string {
  if (!isWithin(object, identity.namespace, allow))
    return "not deleted: the formation's allow does not name its namespace or kind";
  if (isVersion(object)) return 'once no kept release and no workload needs it';
  if (object.existedBefore === true) return 'not deleted: it existed before this formation deployed it';
  if (isProtected(object)) return `not deleted (needs ${PRUNE}: allow)`;
  return prune === 'now' ? 'at once' : 'once the release has succeeded';
}

function plannedChange(prepared: PreparedObject): PlannedChange {
  const { object, live, answer, fields, before } = prepared;
  // For its users, a ConfigMap or Secret that gets another name has changed.
  const action = before === undefined ? prepared.action : 'change';
  const restarts = action === 'change' && restartsPods({ before: live, after: answer ?? object, fields });
  const note = [prepared.note, namingNote(prepared)].filter(text => text !== undefined).join('; ');
  return {
    object: referenceTo(isContentKind(object) ? underGivenName(object) : object),
    action,
    ...(fields.length === 0 ? {} : { fields: [...fields] }),
    ...(restarts ? { restarts } : {}),
    ...(prepared.unread === true ? { unread: true } : {}),
    ...(note === '' ? {} : { note }),
  };
}

/** What a change of a ConfigMap or Secret means for the pods that use it. */
function namingNote({ object, naming, action, before }: PreparedObject): string | undefined {
  if (naming === undefined || naming.users.length === 0) return undefined;
  const users = naming.users.join(', ');
  if (naming.fixed !== undefined)
    return action === 'change'
      ? `no pod of ${users} restarts: it keeps its name, since ${naming.fixed}`
      : undefined;
  const isNew = before !== undefined || action === 'create';
  return isNew ? `named by its content: ${object.metadata.name}` : undefined;
}
