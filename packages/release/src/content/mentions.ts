import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import { isBuiltIn, type KubernetesObject } from '@slipway/kubernetes';
import { withPodReferences } from './pod-references.ts';

/** Fields of built-in kinds that hold free text. */
const TEXT =
  /^(?:annotations|command|args|value|data|stringData|options|parameters|volumeAttributes|resourceNames|secretName)$/;

/** Fields of built-in kinds that refer to an object by its name, beside those of pod templates. */
const REFERENCE =
  /^(?:secrets?|imagePullSecrets|configMap|paramRef)$|(?:Secret|secret|configMap|(?:secret|configMap)Key)Ref$/;

/** Fields of any other kind that name something else, if a name stands there. */
const ELSEWHERE =
  /^(?:apiVersion|kind|labels|matchLabels|matchExpressions|selector|labelSelector|podSelector|nodeSelector|namespaceSelector|scaleTargetRef|backendRefs|parentRefs|hosts?|serviceName|image|ports)$/;

/**
 * Which of the names an object mentions other than by the typed references of its pod template: in its text as a whole word, or
 * where it refers to something that may be one. Nobody can tell a mention from a use, so that each counts as a use.
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

/** The whole object as somebody applied it, which says nothing that the object does not say. */
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

/** The names of one reference or of a list of them, and not the keys that it picks. */
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
      // `shop/settings`, `secret:settings`; in a path or an address the last part is no name of an object.
      const last = /^[A-Za-z0-9.-]+[/:]([a-z0-9.-]+)$/.exec(word)?.[1];
      if (last !== undefined && names.has(last)) found.add(last);
    }
  } else if (Array.isArray(value)) for (const item of value) lookIn(item, names, found);
  else if (isJsonObject(value)) for (const child of Object.values(value)) lookIn(child, names, found);
}
