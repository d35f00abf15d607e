import { type KubernetesObject, textAt, uidOf } from '@slipway/kubernetes';
import { oneLine } from '../text.ts';
import { PODS_REFUSED, QUOTA_EXCEEDED, SERVICE_ACCOUNT_MISSING } from '../windows.ts';
import { conditionOf, holds } from './conditions.ts';
import type { ClusterView, Trouble } from './status.ts';

interface Refusal {
  readonly pattern: RegExp;
  readonly certainAfter: number;
  readonly remedy: string;
}

/** Why the API server refuses a controller's pods, by the wording of its answer; the first that matches counts. */
const REFUSALS: readonly Refusal[] = [
  {
    pattern: /exceeded quota/,
    certainAfter: QUOTA_EXCEEDED,
    remedy: 'raise the ResourceQuota, or request less',
  },
  {
    pattern: /violates PodSecurity/,
    certainAfter: 0,
    remedy: "meet the namespace's Pod Security level, or change it",
  },
  {
    pattern: /denied the request|denied request|ValidatingAdmissionPolicy/,
    certainAfter: 0,
    remedy: 'comply with the policy',
  },
  {
    pattern: /(maximum|minimum) .*usage per|limit to request ratio/,
    certainAfter: 0,
    remedy: "stay within the namespace's LimitRange",
  },
  { pattern: /is invalid:/, certainAfter: 0, remedy: 'correct the pod template' },
  {
    pattern: /serviceaccount .*not found|service account .*not found/,
    certainAfter: SERVICE_ACCOUNT_MISSING,
    remedy: 'create the ServiceAccount, or name another one',
  },
  {
    pattern: /priority ?class.* not found|no PriorityClass with name/i,
    certainAfter: 0,
    remedy: 'create the PriorityClass, or name another one',
  },
];

/** The trouble of a controller that could not create pods, with the API server's reason. */
export function refusal(uid: string, message: string): Trouble {
  const known = REFUSALS.find(({ pattern }) => pattern.test(message));
  return {
    key: `${uid}/refused`,
    reason: 'FailedCreate',
    message: `its pods cannot be created: ${oneLine(message)}`,
    remedy: known?.remedy ?? 'find out why the API server or a webhook refuses them',
    certainAfter: known?.certainAfter ?? PODS_REFUSED,
  };
}

/** What a Deployment itself reports: that its pods, or the ReplicaSet that is to make them, could not be created. */
export function refusalsReported(object: KubernetesObject): readonly Trouble[] {
  const progressing = conditionOf(object, 'Progressing');
  const uncreated = progressing?.reason === 'ReplicaSetCreateError' ? progressing : undefined;
  const cause = holds(object, 'ReplicaFailure') ?? uncreated;
  return cause === undefined ? [] : [{ ...refusal(uidOf(object), cause.message), reason: cause.reason }];
}

/** StatefulSets, DaemonSets and Jobs have no condition for it; they only report it in events. */
export function refusalsFrom(object: KubernetesObject, view: ClusterView): readonly Trouble[] {
  const last = view.warningsAbout(object).findLast(warning => textAt(warning, 'reason') === 'FailedCreate');
  return last === undefined ? [] : [refusal(uidOf(object), textAt(last, 'message') ?? '')];
}
