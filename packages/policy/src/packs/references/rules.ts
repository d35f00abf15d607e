import type { Severity } from '@slipway/core';
import type { Discovery } from '../../findings.ts';

interface Rule {
  readonly severity: Severity;
  /** A sentence for the documentation. */
  readonly why: string;
  readonly fix: string;
}

/** What may not be there since it could be in the cluster is a warning; what can't work either way is an error. */
export const referenceRules = {
  'service-selects-nothing': {
    severity: 'error',
    why: 'A Service without pods behind it refuses every connection.',
    fix: 'make spec.selector equal to labels of the pods that it is for',
  },
  'service-port': {
    severity: 'error',
    why: 'A Service that sends to a port which no container has refuses connections on it.',
    fix: 'name a port of the container in targetPort',
  },
  'missing-config-map': {
    severity: 'warning',
    why: 'A pod does not start before the ConfigMaps that it uses are there.',
    fix: 'add the ConfigMap, or set optional to true',
  },
  'missing-secret': {
    severity: 'warning',
    why: 'A pod does not start before the Secrets that it uses are there.',
    fix: 'add the Secret, or set optional to true',
  },
  'missing-key': {
    severity: 'error',
    why: 'A pod does not start without the keys that it uses.',
    fix: 'add the key, or correct its name',
  },
  'missing-service-account': {
    severity: 'warning',
    why: 'Pods of a ServiceAccount that is not there are refused.',
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
    fix: 'make spec.scaleTargetRef name a workload of the same namespace',
  },
  'disruption-budget-selects-nothing': {
    severity: 'error',
    why: 'A PodDisruptionBudget without pods protects nothing.',
    fix: 'make spec.selector equal to labels of the pods that it is for',
  },
  'network-policy-selects-nothing': {
    severity: 'warning',
    why: 'A NetworkPolicy without pods protects nothing.',
    fix: 'make spec.podSelector equal to labels of the pods that it is for',
  },
  'webhook-service': {
    severity: 'warning',
    why: 'A webhook without its Service refuses what it is asked about, or lets all of it pass.',
    fix: 'add the Service, or correct its namespace, name and port',
  },
  'ingress-backend': {
    severity: 'error',
    why: 'An Ingress answers with an error for paths whose Service or port is not there.',
    fix: 'name a Service of the same namespace and one of its ports',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type ReferenceRule = keyof typeof referenceRules;

export function broken(rule: ReferenceRule, pointer: string, message: string): Discovery {
  const { severity, fix } = referenceRules[rule];
  return { rule: `references/${rule}`, severity, message, fix, pointer };
}
