import { type JsonObject, type JsonValue, type Path, valueAt } from '@slipway/core';
import {
  isBuiltIn,
  isFreelyNamed,
  type KubernetesObject,
  kindKey,
  nameForms,
  objectAt,
  pathSegmentProblems,
  podTemplatePath,
  textAt,
} from '@slipway/kubernetes';
import { fieldName } from '../schemas/validate.ts';
import { invalidName, type Refusal } from './refusal.ts';

/**
 * The names, labels, annotations' keys and finalizers of any object, custom resources included.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/api/validation/objectmeta.go
 */
export function validateMetadata(object: KubernetesObject): Refusal[] {
  return [
    ...nameProblems(object),
    ...labelsAndAnnotations(object.metadata as unknown as JsonValue, ['metadata']),
    ...templateLabels(object),
  ];
}

/** Kinds whose names are labels of DNS: they become parts of host names. */
const LABEL_NAMED: ReadonlySet<string> = new Set(['Namespace', 'Service', 'StatefulSet.apps']);

/** A CronJob adds eleven characters to the names of its Jobs. */
const LONGEST_CRON_JOB = 52;

function nameProblems(object: KubernetesObject): Refusal[] {
  // The view leaves out what is empty.
  const { name = '', namespace } = object.metadata as Partial<KubernetesObject['metadata']>;
  const path = ['metadata', 'name'];
  const problems = problemsOfName(object, name);
  return [
    ...problems.map(problem => invalidName(path, problem)),
    ...(kindKey(object) === 'CronJob.batch' && name.length > LONGEST_CRON_JOB
      ? [invalidName(path, `must be no more than ${LONGEST_CRON_JOB} characters`)]
      : []),
    ...(typeof namespace === 'string'
      ? nameForms.dns1123Label
          .validate(namespace)
          .map(problem => invalidName(['metadata', 'namespace'], problem))
      : []),
  ];
}

function problemsOfName(object: KubernetesObject, name: string): readonly string[] {
  const key = kindKey(object);
  if (name === '') return ['must not be empty'];
  if (isFreelyNamed(object)) return pathSegmentProblems(name);
  const form = LABEL_NAMED.has(key) ? nameForms.dns1123Label : nameForms.dns1123Subdomain;
  return form.validate(name);
}

/** @param path of the metadata in the object */
export function labelsAndAnnotations(metadata: JsonValue, path: Path): Refusal[] {
  const labels = objectAt(metadata, 'labels') ?? {};
  const annotations = objectAt(metadata, 'annotations') ?? {};
  const finalizers = valueAt(metadata, ['finalizers']);
  return [
    ...labelProblems(labels, [...path, 'labels']),
    ...Object.keys(annotations).flatMap(key =>
      problemsOf(nameForms.qualifiedName.validate(key.toLowerCase()), [...path, 'annotations', key]),
    ),
    ...(Array.isArray(finalizers) ? finalizers : []).flatMap((name: JsonValue, index) =>
      typeof name === 'string'
        ? problemsOf(nameForms.qualifiedName.validate(name), [...path, 'finalizers', index])
        : [],
    ),
  ];
}

/** The keys and values of a map of labels. */
export function labelProblems(labels: JsonObject, path: Path): Refusal[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...problemsOf(nameForms.qualifiedName.validate(key), [...path, key]),
    ...(typeof value === 'string' ? problemsOf(nameForms.labelValue.validate(value), [...path, key]) : []),
  ]);
}

export function problemsOf(problems: readonly string[], path: Path): Refusal[] {
  return problems.map(problem => invalidName(path, problem));
}

function templateLabels(object: KubernetesObject): Refusal[] {
  const template = isBuiltIn(object.apiVersion) ? podTemplatePath(object) : undefined;
  if (template === undefined || template.length === 0) return [];
  const path = [...template, 'metadata'];
  return labelsAndAnnotations(valueAt(object, path) ?? null, path);
}

/** A text that must have one of Kubernetes' forms of names, where there is one. */
export function namedBy(object: JsonValue, path: Path, form: keyof typeof nameForms): Refusal[] {
  const text = textAt(object, ...path);
  return text === undefined || text === '' ? [] : problemsOf(nameForms[form].validate(text), path);
}

/** Puts the path of what was looked at before the paths of what was found in it. */
export function within(path: Path): (refusal: Refusal) => Refusal {
  return refusal => ({
    ...refusal,
    path: [...path, ...refusal.path],
    message: refusal.message.replace(fieldName(refusal.path), () => fieldName([...path, ...refusal.path])),
  });
}
