import { type KubernetesObject, kindKey } from '@slipway/kubernetes';
import { checkBindingSpec } from '../resources/check-binding.ts';
import { checkPolicySpec } from '../resources/check-policy.ts';
import type { FormProblem } from '../resources/form.ts';
import { readBindingSpec, readPolicySpec } from '../resources/read-spec.ts';
import type { Refusal } from './refusal.ts';

const GROUP = 'admissionregistration.k8s.io';

/** Policies and bindings that are to be deployed, whose expressions are left to those that judge by them. */
export function validatePolicies(object: KubernetesObject): Refusal[] {
  return problemsOf(object).map(problem => ({ ...problem, rule: 'schema/invalid-value' }));
}

function problemsOf(object: KubernetesObject): readonly FormProblem[] {
  switch (kindKey(object)) {
    case `ValidatingAdmissionPolicy.${GROUP}`:
      return checkPolicySpec(object.metadata.name, readPolicySpec(object));
    case `ValidatingAdmissionPolicyBinding.${GROUP}`:
      return checkBindingSpec(readBindingSpec(object));
    default:
      return [];
  }
}
