import { defined, isJsonObject, type JsonValue } from '@slipway/core';
import { type KubernetesObject, type LabelSelector, parseSelector } from '@slipway/kubernetes';
import { listOf, mapOfFields, optionalText, text, texts } from './read-fields.ts';
import type {
  BindingSpec,
  MatchResources,
  NamedExpression,
  ParamReference,
  PolicySpec,
  ResourceRule,
  ValidationSpec,
} from './types.ts';

/** The spec of a ValidatingAdmissionPolicy, whatever its document contains: nothing but this is used of it. */
export function readPolicySpec(object: KubernetesObject): PolicySpec {
  const spec = mapOfFields(object['spec']);
  const { paramKind, matchConstraints } = spec;
  return {
    ...defined({
      paramKind: isJsonObject(paramKind)
        ? { apiVersion: text(paramKind['apiVersion']), kind: text(paramKind['kind']) }
        : undefined,
      matchConstraints: readMatchResources(matchConstraints),
      failurePolicy: optionalText(spec['failurePolicy']),
    }),
    matchConditions: listOf(spec['matchConditions'], readNamedExpression),
    variables: listOf(spec['variables'], readNamedExpression),
    validations: listOf(spec['validations'], readValidation),
    auditAnnotations: listOf(spec['auditAnnotations'], item => {
      const { key, valueExpression } = mapOfFields(item);
      return { key: text(key), valueExpression: text(valueExpression) };
    }),
  };
}

/** The spec of a ValidatingAdmissionPolicyBinding, whatever its document contains. */
export function readBindingSpec(object: KubernetesObject): BindingSpec {
  const { policyName, validationActions, matchResources, paramRef } = mapOfFields(object['spec']);
  return {
    policyName: text(policyName),
    validationActions: texts(validationActions),
    ...defined({
      matchResources: readMatchResources(matchResources),
      paramRef: readParamReference(paramRef),
    }),
  };
}

function readNamedExpression(value: JsonValue | undefined): NamedExpression {
  const { name, expression } = mapOfFields(value);
  return { name: text(name), expression: text(expression) };
}

function readValidation(value: JsonValue | undefined): ValidationSpec {
  const { expression, message, messageExpression, reason } = mapOfFields(value);
  return {
    expression: text(expression),
    message: text(message),
    messageExpression: text(messageExpression),
    ...defined({ reason: optionalText(reason) }),
  };
}

function readParamReference(value: JsonValue | undefined): ParamReference | undefined {
  if (!isJsonObject(value)) return undefined;
  const { name, namespace, selector, parameterNotFoundAction } = value;
  return {
    name: text(name),
    namespace: text(namespace),
    ...defined({
      selector: readSelector(selector),
      parameterNotFoundAction: optionalText(parameterNotFoundAction),
    }),
  };
}

function readMatchResources(value: JsonValue | undefined): MatchResources | undefined {
  if (!isJsonObject(value)) return undefined;
  const { namespaceSelector, objectSelector, resourceRules, excludeResourceRules, matchPolicy } = value;
  return {
    resourceRules: listOf(resourceRules, readRule),
    excludeResourceRules: listOf(excludeResourceRules, readRule),
    ...defined({
      namespaceSelector: readSelector(namespaceSelector),
      objectSelector: readSelector(objectSelector),
      matchPolicy: optionalText(matchPolicy),
    }),
  };
}

function readSelector(value: JsonValue | undefined): LabelSelector | undefined {
  return isJsonObject(value) ? parseSelector(value) : undefined;
}

function readRule(value: JsonValue | undefined): ResourceRule {
  const rule = mapOfFields(value);
  return {
    resourceNames: texts(rule['resourceNames']),
    operations: texts(rule['operations']),
    apiGroups: texts(rule['apiGroups']),
    apiVersions: texts(rule['apiVersions']),
    resources: texts(rule['resources']),
    ...defined({ scope: optionalText(rule['scope']) }),
  };
}
