import { nameForms, pathSegmentProblems } from '@slipway/kubernetes';
import { checkMatchResources } from './check-match.ts';
import { checkSelector } from './check-selector.ts';
import { Form, type FormProblem } from './form.ts';
import type { BindingSpec, ParamReference } from './types.ts';

const ACTIONS = ['Deny', 'Warn', 'Audit'];
const NOT_FOUND_ACTIONS = ['Allow', 'Deny'];

/**
 * What an API server refuses about a binding besides its schema.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/admissionregistration/validation/validation.go#L1181
 */
export function checkBindingSpec(spec: BindingSpec): readonly FormProblem[] {
  const form = new Form();
  const { policyName = '', validationActions = [], paramRef, matchResources } = spec;
  if (form.present(['spec', 'policyName'], policyName, 'name the policy that it binds'))
    form.text(['spec', 'policyName'], nameForms.dns1123Subdomain.validate(policyName));
  if (paramRef !== undefined) checkParamReference(paramRef, form);
  if (matchResources !== undefined) checkMatchResources(matchResources, ['spec', 'matchResources'], form);
  checkActions(validationActions, form);
  return form.problems;
}

function checkActions(actions: readonly string[], form: Form): void {
  const path = ['spec', 'validationActions'];
  form.present(path, actions, 'list Deny, Warn or Audit');
  for (const [index, action] of actions.entries()) form.word([...path, index], action, ACTIONS);
  form.unique(actions, index => [...path, index]);
  if (actions.includes('Deny') && actions.includes('Warn'))
    form.add(path, 'must not list both Deny and Warn, because Deny says the same', 'remove Warn');
}

function checkParamReference(
  { name = '', selector, parameterNotFoundAction = '' }: ParamReference,
  form: Form,
): void {
  const path = ['spec', 'paramRef'];
  form.text([...path, 'name'], pathSegmentProblems(name));
  if (name !== '' && selector !== undefined)
    form.add([...path, 'selector'], 'must not be set beside a name', 'remove the name or the selector');
  if (name === '' && selector === undefined)
    form.add(path, 'must have a name or a selector', 'say which objects are the parameters');
  if (selector !== undefined) checkSelector(selector, [...path, 'selector'], form);
  const action = [...path, 'parameterNotFoundAction'];
  if (form.present(action, parameterNotFoundAction, 'use Deny, or Allow to do without parameters'))
    form.word(action, parameterNotFoundAction, NOT_FOUND_ACTIONS);
}
