import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import { isBuiltIn, type KubernetesObject } from '@slipway/kubernetes';
import { withPodReferences } from './pod-references.ts';

/** Fields of built-in kinds that contain free text. */
const TEXT =
  /^(?:annotations|command|args|value|data|stringData|options|parameters|volumeAttributes|resourceNames|secretName)$/;

/** Fields of built-in kinds, other than pod templates, that refer to an object by its name. */
const REFERENCE =
  /^(?:secrets?|imagePullSecrets|configMap|paramRef)$|(?:Secret|secret|configMap|(?:secret|configMap)Key)Ref$/;

/** Fields of other kinds whose names never refer to a ConfigMap or Secret. */
const ELSEWHERE =
  /^(?:apiVersion|kind|labels|matchLabels|matchExpressions|selector|labelSelector|podSelector|nodeSelector|namespaceSelector|scaleTargetRef|backendRefs|parentRefs|hosts?|serviceName|image|ports)$/;

/**
 * The names that an object mentions other than by the typed references of its pod template: as a whole word in text, or in a field
 * that may refer to a ConfigMap or Secret. A mention cannot be told from a use, so every mention counts as a use.
 */
export function mentionedNames(object: KubernetesObject, names: ReadonlySet<string>): ReadonlySet<string> {
  if (names.size === 0) return names;
  const { annotations } = object.metadata;
  const { metadata: _metadata, apiVersion, kind: _kind, ...parts } = withPodReferences(object, () => '');
  const found = new Set<string>();
  const look = (value: JsonValue): void => lookIn(value, names, found);
  if (isJsonObject(annotations)) look(withoutCopies(annotations));
  const visit = isBuiltIn(apiVersion) ? visitBuiltIn : visitCustom;
  visit(parts, look);
  return found;
}

/** Annotations without kubectl's copy of the whole object, which mentions nothing that the object does not. */
function withoutCopies(annotations: JsonObject): JsonObject {
  const { 'kubectl.kubernetes.io/last-applied-configuration': _copy, ...others } = annotations;
  return others;
}

function visitBuiltIn(value: JsonValue, look: (value: JsonValue) => void): void {
  if (Array.isArray(value)) for (const item of value) visitBuiltIn(item, look);
  else if (isJsonObject(value))
    for (const [key, child] of Object.entries(value)) {
      if (TEXT.test(key)) look(child);
      else if (REFERENCE.test(key)) lookAtNames(child, look);
      else visitBuiltIn(child, look);
    }
}

/** Looks at the names in a reference or a list of references, but not at the keys that it selects. */
function lookAtNames(value: JsonValue, look: (value: JsonValue) => void): void {
  if (Array.isArray(value)) for (const item of value) lookAtNames(item, look);
  else if (isJsonObject(value)) look([value['name'] ?? '', value['secretName'] ?? '']);
}

function visitCustom(value: JsonValue, look: (value: JsonValue) => void): void {
  if (Array.isArray(value)) for (const item of value) visitCustom(item, look);
  else if (!isJsonObject(value)) look(value);
  else {
    const { kind } = value;
    const isOther = typeof kind === 'string' && kind !== 'ConfigMap' && kind !== 'Secret';
    for (const [key, child] of Object.entries(value))
      if (!ELSEWHERE.test(key) && !(isOther && key === 'name')) visitCustom(child, look);
  }
}

function lookIn(value: JsonValue, names: ReadonlySet<string>, found: Set<string>): void {
  if (typeof value === 'string') {
    for (const word of value.split(/[\s,;="'`()[\]{}<>|&]+/)) {
      if (names.has(word)) found.add(word);
      // `shop/settings` or `secret:settings`; the last part of a path or an address is not the name of an object.
      const last = /^[A-Za-z0-9.-]+[/:]([a-z0-9.-]+)$/.exec(word)?.[1];
      if (last !== undefined && names.has(last)) found.add(last);
    }
  } else if (Array.isArray(value)) for (const item of value) lookIn(item, names, found);
  else if (isJsonObject(value)) for (const child of Object.values(value)) lookIn(child, names, found);
}
