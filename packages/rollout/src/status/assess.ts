import {
  isBuiltIn,
  isTerminating,
  type Kind,
  type KubernetesObject,
  kindKey,
  uidOf,
} from '@slipway/kubernetes';
import { namespace } from './cluster-kinds.ts';
import { endOfJob, job } from './job.ts';
import { KNOWN_KINDS } from './known-kinds.ts';
import { customResource } from './reading/verdict.ts';
import { type ClusterView, failed, ready, type Status } from './status.ts';

/** How objects of a kind are assessed, by the key of the kind (`Rollout.argoproj.io`). */
export type StatusRules = ReadonlyMap<string, (object: KubernetesObject) => Status>;

const NO_RULES: StatusRules = new Map();

/**
 * The status of an object as the cluster shows it now; a pure function.
 * @param rules the user's own, which replace what Slipway knows of a kind
 */
export function assess(object: KubernetesObject, view: ClusterView, rules: StatusRules = NO_RULES): Status {
  const key = kindKey(object);
  const known = KNOWN_KINDS.get(key)?.assess;
  if (isTerminating(object) && known !== namespace)
    return (known === job ? endOfJob(object, view) : undefined) ?? terminating(object);
  const byKind = rules.get(key) ?? known ?? (isBuiltIn(object.apiVersion) ? exists : customResource);
  return byKind(object, view);
}

/** Whether the status of an object can say more than that it exists, so that it has to be watched. */
export function isActive(kind: Kind): boolean {
  return KNOWN_KINDS.has(kindKey(kind)) || !isBuiltIn(kind.apiVersion);
}

function terminating(object: KubernetesObject): Status {
  return failed({
    key: `${uidOf(object)}/terminating`,
    reason: 'Terminating',
    message: 'it is being deleted',
    remedy: 'find out who deletes it, and deploy again',
  });
}

/** Configuration, and kinds whose status no release waits for. */
function exists(): Status {
  return ready('it exists', { final: true });
}
