import type { Severity } from '@slipway/core';
import { describeObject, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import type { Discovery } from '../../findings.ts';
import type { Made, Neighbourhood } from '../neighbourhood.ts';

interface Rule {
  readonly severity: Severity;
  /** A sentence for the documentation. */
  readonly why: string;
  readonly fix: string;
}

/** A missing object that may exist in the cluster is a warning; what cannot work in any case is an error. */
export const referenceRules = {
  'service-selects-nothing': {
    severity: 'error',
    why: 'A Service without pods behind it refuses every connection.',
    fix: 'set spec.selector to labels of the pods that it is for',
  },
  'service-port': {
    severity: 'error',
    why: 'A Service with a target port that no container has refuses connections on it.',
    fix: 'name a port of the container in targetPort',
  },
  'missing-config-map': {
    severity: 'warning',
    why: 'A pod does not start until the ConfigMaps that it uses exist.',
    fix: 'add the ConfigMap, or set optional to true',
  },
  'missing-secret': {
    severity: 'warning',
    why: 'A pod does not start until the Secrets that it uses exist.',
    fix: 'add the Secret, or set optional to true',
  },
  'missing-key': {
    severity: 'error',
    why: 'A pod does not start without the keys that it uses.',
    fix: 'add the key, or correct its name',
  },
  'missing-service-account': {
    severity: 'warning',
    why: 'Pods of a ServiceAccount that does not exist are rejected.',
    fix: 'add the ServiceAccount, or correct its name',
  },
  'missing-claim': {
    severity: 'warning',
    why: 'A pod waits for the claims that it mounts.',
    fix: 'add the PersistentVolumeClaim, or correct its name',
  },
  'autoscaler-target': {
    severity: 'error',
    why: 'An autoscaler without a target scales nothing.',
    fix: 'name a workload of the same namespace in spec.scaleTargetRef',
  },
  'disruption-budget-selects-nothing': {
    severity: 'error',
    why: 'A PodDisruptionBudget without pods protects nothing.',
    fix: 'set spec.selector to labels of the pods that it is for',
  },
  'network-policy-selects-nothing': {
    severity: 'warning',
    why: 'A NetworkPolicy without pods protects nothing.',
    fix: 'set spec.podSelector to labels of the pods that it is for',
  },
  'webhook-service': {
    severity: 'warning',
    why: 'Without its Service, a webhook rejects every request that it should decide, or accepts them all.',
    fix: 'add the Service, or correct its namespace, name and port',
  },
  'ingress-backend': {
    severity: 'error',
    why: 'An Ingress answers with an error for paths whose Service or port does not exist.',
    fix: 'name a Service of the same namespace and one of its ports',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type ReferenceRule = keyof typeof referenceRules;

/** What is wrong with the references of one object, if it is of the kind that the check is about. */
export type CheckObject = (object: KubernetesObject, all: Neighbourhood) => readonly Discovery[];

/**
 * What is missing among the manifests, unless a controller makes it of one of their objects: nothing if it does, and a notice if that
 * cannot be known.
 */
export function missing(
  rule: ReferenceRule,
  pointer: string,
  message: string,
  { made, by }: Made,
): Discovery[] {
  if (made === 'yes') return [];
  const found = broken(rule, pointer, message);
  if (by === undefined) return [found];
  const doubt = `unless ${describeObject(referenceTo(by))} makes it, which cannot be known here`;
  return [{ ...found, severity: 'notice', message: `${message}, ${doubt}` }];
}

export function broken(rule: ReferenceRule, pointer: string, message: string): Discovery {
  const { severity, fix } = referenceRules[rule];
  return { rule: `references/${rule}`, severity, message, fix, pointer };
}
