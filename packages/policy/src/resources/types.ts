import type { LabelSelector } from '@slipway/kubernetes';

/*
 * The parts of Kubernetes' admissionregistration.k8s.io/v1 that decide, as read-spec.ts reads them. What a field may say is up to
 * check-policy.ts and check-binding.ts.
 * https://github.com/kubernetes/api/blob/v0.36.3/admissionregistration/v1/types.go
 */

export interface PolicySpec {
  readonly paramKind?: { readonly apiVersion: string; readonly kind: string };
  readonly matchConstraints?: MatchResources;
  readonly matchConditions?: readonly NamedExpression[];
  readonly variables?: readonly NamedExpression[];
  readonly validations?: readonly ValidationSpec[];
  readonly auditAnnotations?: readonly AuditAnnotation[];
  readonly failurePolicy?: string;
}

export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

export interface ValidationSpec {
  readonly expression: string;
  /** Empty, like `messageExpression`, if there is none. */
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
}

export interface AuditAnnotation {
  readonly key: string;
  readonly valueExpression: string;
}

export interface BindingSpec {
  readonly policyName?: string;
  readonly validationActions?: readonly string[];
  readonly matchResources?: MatchResources;
  readonly paramRef?: ParamReference;
}

export interface ParamReference {
  readonly name?: string;
  readonly namespace?: string;
  readonly selector?: LabelSelector;
  readonly parameterNotFoundAction?: string;
}

export interface MatchResources {
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly resourceRules?: readonly ResourceRule[];
  readonly excludeResourceRules?: readonly ResourceRule[];
  readonly matchPolicy?: string;
}

export interface ResourceRule {
  readonly resourceNames?: readonly string[];
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
  readonly scope?: string;
}
