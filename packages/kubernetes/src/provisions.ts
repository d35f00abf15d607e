import { type JsonValue, textMap, valueAt } from '@slipway/core';
import { valuesAt } from './fields.ts';
import { isBuiltIn, kindKey } from './kinds.ts';
import { annotationsOf, type KubernetesObject } from './object.ts';
import { podTemplatePath } from './pods.ts';
import { PROVIDING_KINDS, type ProvidingKind } from './provided-by-kind.ts';
import { type LabelSelector, selects } from './selectors.ts';

/** Kinds of objects that controllers make of others. */
export type ProvidedKind = 'Service' | 'Secret' | 'ConfigMap' | 'ServiceAccount' | 'PersistentVolumeClaim';

/** `maybe`: it cannot be known from the manifests. */
export type Provided = 'yes' | 'maybe' | 'no';

const fields: Readonly<Record<ProvidedKind, 'services' | 'secrets' | 'configMaps' | undefined>> = {
  Service: 'services',
  Secret: 'secrets',
  ConfigMap: 'configMaps',
  ServiceAccount: undefined,
  PersistentVolumeClaim: undefined,
};

/** Whether the controller of an object may make anything that other objects refer to. */
export function mayProvide(object: KubernetesObject): boolean {
  const row = rowOf(object);
  return row === undefined || Object.keys(row).length > 0;
}

/** Whether the controller of an object makes another object of this kind and name, in the same namespace. */
export function provides(object: KubernetesObject, kind: ProvidedKind, name: string): Provided {
  const row = rowOf(object);
  if (row === undefined) return 'maybe';
  const field = fields[kind];
  if (field !== undefined && namesIn(row[field], object).includes(name)) return 'yes';
  if (kind === 'PersistentVolumeClaim' && isNumbered(name, namesIn(row.numberedClaims, object))) return 'yes';
  return field !== undefined && (row.more ?? []).includes(field) ? 'maybe' : 'no';
}

/** Whether the controller of an object may make workloads, such as the Deployment of an OpenTelemetryCollector. */
export function mayMakeWorkloads(object: KubernetesObject): boolean {
  const row = rowOf(object);
  return row === undefined || (row.more ?? []).includes('pods');
}

/**
 * Whether the controller of an object makes pods that a selector matches. Pods of a template are left to their workload.
 * `maybe` for pods that may have further labels.
 */
export function providesPods(object: KubernetesObject, selector: LabelSelector): Provided {
  const row = rowOf(object);
  if (row === undefined) return 'maybe';
  const isOpen = hasMorePods(row, object);
  if (row.pods === undefined) return isOpen ? 'maybe' : 'no';
  const labels = {
    ...textMap(
      row.podLabels === undefined ? undefined : (valueAt(object, row.podLabels.split('/')) as never),
    ),
    ...Object.fromEntries(
      Object.entries(row.pods).flatMap(([key, text]) => expand(text, object).map(value => [key, value])),
    ),
  };
  if (selects(selector, labels)) return 'yes';
  return isOpen && !contradicts(selector, labels) ? 'maybe' : 'no';
}

function hasMorePods({ more = [], podsElsewhere }: ProvidingKind, object: KubernetesObject): boolean {
  const elsewhere = podsElsewhere === undefined ? undefined : valueAt(object, podsElsewhere.split('/'));
  return more.includes('pods') || elsewhere !== undefined;
}

/** Undefined for a kind of another project of which nothing is known. */
function rowOf(object: KubernetesObject): ProvidingKind | undefined {
  const key = kindKey(object);
  const row = Object.hasOwn(PROVIDING_KINDS, key) ? PROVIDING_KINDS[key] : undefined;
  if (row !== undefined) return ISSUED.has(key) && !isIssued(object) ? { ...row, secrets: [] } : row;
  return isBuiltIn(object.apiVersion) || podTemplatePath(object) !== undefined ? {} : undefined;
}

/** Kinds whose certificates cert-manager makes if an annotation asks for it. */
const ISSUED: ReadonlySet<string> = new Set([
  'Ingress.networking.k8s.io',
  'Gateway.gateway.networking.k8s.io',
]);

function isIssued(object: KubernetesObject): boolean {
  return Object.keys(annotationsOf(object)).some(key => /^cert-manager\.io\/(?:cluster-)?issuer$/.test(key));
}

/** Whether a selector asks for another value of a label than the pods have. */
function contradicts({ matchLabels = {} }: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(matchLabels).some(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] !== value,
  );
}

function isNumbered(name: string, prefixes: readonly string[]): boolean {
  return prefixes.some(
    prefix => name.startsWith(`${prefix}-`) && /^\d+$/.test(name.slice(prefix.length + 1)),
  );
}

function namesIn(texts: readonly string[] | undefined, object: KubernetesObject): readonly string[] {
  return (texts ?? []).flatMap(text => expand(text, object));
}

/** The texts that a text with fields stands for: one for each item of a list that a field goes through. */
function expand(text: string, object: KubernetesObject): readonly string[] {
  const [, before = '', alternatives, after = ''] = /^([^{]*)\{([^}]+)\}(.*)$/.exec(text) ?? [];
  if (alternatives === undefined) return [text];
  const values = alternatives
    .split('|')
    .map(path => valuesAt(object, stepsOf(path)).map(({ value }) => value))
    .find(found => found.some(isName));
  const rest = expand(after, object);
  return (values ?? []).filter(isName).flatMap(value => rest.map(end => `${before}${value}${end}`));
}

/** `~1` stands for a slash within a key, as in a JSON pointer. */
function stepsOf(path: string): readonly string[] {
  return path.split('/').map(step => step.replaceAll('~1', '/'));
}

function isName(value: JsonValue): value is string {
  return typeof value === 'string' && value !== '';
}
