import type { Path } from '@slipway/core';
import { nameForms } from '@slipway/kubernetes';
import { checkMatchResources } from './check-match.ts';
import { Form, type FormProblem } from './form.ts';
import type { AuditAnnotation, PolicySpec, ValidationSpec } from './types.ts';

const FAILURE_POLICIES = ['Fail', 'Ignore'];
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'];
const MAX_CONDITIONS = 64;
const MAX_ANNOTATIONS = 20;
/** In bytes, as the API server counts. */
const MAX_ANNOTATION_LENGTH = 5 * 1024;

/** The words that CEL keeps for itself, which no variable may be called. */
const RESERVED =
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  );

/**
 * What an API server refuses about a policy besides its schema and its expressions.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/admissionregistration/validation/validation.go#L772
 */
export function checkPolicySpec(name: string, spec: PolicySpec): readonly FormProblem[] {
  const form = new Form();
  const { matchConstraints, paramKind, validations = [], auditAnnotations = [] } = spec;
  form.word(['spec', 'failurePolicy'], spec.failurePolicy, FAILURE_POLICIES);
  if (paramKind !== undefined) checkParamKind(paramKind, form);
  const constraints = ['spec', 'matchConstraints'];
  form.present(
    matchConstraints === undefined ? constraints : [...constraints, 'resourceRules'],
    matchConstraints?.resourceRules,
    'say in matchConstraints.resourceRules which objects the policy is about',
  );
  if (matchConstraints !== undefined) checkMatchResources(matchConstraints, constraints, form);
  checkConditions(spec, form);
  checkVariables(spec, form);
  if (auditAnnotations.length === 0)
    form.present(['spec', 'validations'], validations, 'add a validation with an expression');
  for (const [index, validation] of validations.entries()) checkValidation(validation, index, form);
  checkAnnotations(name, auditAnnotations, form);
  return form.problems;
}

function checkParamKind({ apiVersion, kind }: NonNullable<PolicySpec['paramKind']>, form: Form): void {
  const path = ['spec', 'paramKind'];
  if (form.present([...path, 'apiVersion'], apiVersion, 'name the group and version of the parameters'))
    form.text([...path, 'apiVersion'], apiVersionProblems(apiVersion));
  if (form.present([...path, 'kind'], kind, 'name the kind of the parameters'))
    form.text([...path, 'kind'], nameForms.dns1035Label.validate(kind.toLowerCase()));
}

function apiVersionProblems(apiVersion: string): readonly string[] {
  const parts = apiVersion.split('/');
  if (parts.length > 2) return ['must be a version, or a group and a version such as apps/v1'];
  const group = parts.length === 2 ? (parts[0] ?? '') : '';
  return [
    ...(group === '' ? [] : nameForms.dns1123Subdomain.validate(group)),
    ...nameForms.dns1035Label.validate(parts.at(-1) ?? ''),
  ];
}

function checkConditions({ matchConditions = [] }: PolicySpec, form: Form): void {
  const path = ['spec', 'matchConditions'];
  if (matchConditions.length > MAX_CONDITIONS)
    form.add(path, `has more than ${MAX_CONDITIONS} items`, 'join some of them with &&');
  for (const [index, { name, expression }] of matchConditions.entries()) {
    form.present([...path, index, 'expression'], expression, 'write an expression');
    if (form.present([...path, index, 'name'], name, 'name the condition'))
      form.text([...path, index, 'name'], nameForms.qualifiedName.validate(name));
  }
  form.unique(
    matchConditions.map(({ name }) => name),
    index => [...path, index, 'name'],
  );
}

function checkVariables({ variables = [] }: PolicySpec, form: Form): void {
  for (const [index, { name, expression }] of variables.entries()) {
    const path = ['spec', 'variables', index];
    form.present([...path, 'expression'], expression, 'write an expression');
    const isNamed = form.present([...path, 'name'], name, 'name the variable');
    if (isNamed && (!/^[_a-zA-Z]\w*$/.test(name) || RESERVED.includes(name)))
      form.add(
        [...path, 'name'],
        'must be a CEL identifier',
        'use letters, digits and _, and no word of CEL',
      );
  }
}

function checkValidation(
  { expression, message = '', messageExpression = '', reason }: ValidationSpec,
  index: number,
  form: Form,
): void {
  const path = ['spec', 'validations', index] as const;
  form.present([...path, 'expression'], expression, 'write an expression');
  for (const [name, text] of Object.entries({ message, messageExpression }))
    if (text !== '') form.present([...path, name], text, 'write something, or remove it');
  if (/[\n\r]/.test(message.trim()))
    form.add([...path, 'message'], 'must not contain line breaks', 'write it on one line');
  form.word([...path, 'reason'], reason, REASONS);
}

function checkAnnotations(name: string, annotations: readonly AuditAnnotation[], form: Form): void {
  const path: Path = ['spec', 'auditAnnotations'];
  if (annotations.length > MAX_ANNOTATIONS)
    form.add(path, `has more than ${MAX_ANNOTATIONS} items`, 'remove some of them');
  for (const [index, { key, valueExpression }] of annotations.entries()) {
    form.text([...path, index, 'key'], nameForms.qualifiedName.validate(`${name}/${key}`));
    form.present([...path, index, 'valueExpression'], valueExpression, 'write an expression');
    if (Buffer.byteLength(valueExpression.trim()) > MAX_ANNOTATION_LENGTH)
      form.add(
        [...path, index, 'valueExpression'],
        `is longer than ${MAX_ANNOTATION_LENGTH} bytes`,
        'shorten it',
      );
  }
  form.unique(
    annotations.map(({ key }) => key),
    index => [...path, index, 'key'],
  );
}
