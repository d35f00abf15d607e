import { createHash, createHmac } from 'node:crypto';
import {
  canonicalJson,
  type JsonValue,
  type KubernetesObject,
  objectKey,
  referenceTo,
  type Seal,
  textMap,
} from '@slipway/core';
import { GIVEN_NAME } from '../keys.ts';
import { ownerName } from '../names.ts';
import { sealsByObject, unsealed } from '../objects/body.ts';
import { isSecret, withDataOnly } from '../objects/normalise.ts';
import type { Naming, PlacedObject, ReleaseIdentity, Unseal } from '../request.ts';
import type { HashKey } from './hash-key.ts';
import { contentKey, MAX_NAME, namings } from './naming.ts';
import { withPodReferences } from './pod-references.ts';

const SUFFIX_LENGTH = 10;

/** What the names of a release's contents are made from. */
export interface NamingContext {
  readonly identity: ReleaseIdentity;
  readonly seals: readonly Seal[];
  /** Needed where there are Secrets. */
  readonly key: HashKey | undefined;
  /** Opens a Secret under its given name; without it a sealed one is taken to hold what its live version does. */
  readonly unseal: Unseal | undefined;
  /** The live version of what is named by its content, by the key that its given name has. */
  readonly versionOf: (key: string) => KubernetesObject | undefined;
  /** The name that live pods know it by, where its content can't be read at all. */
  readonly assumedName?: ((key: string) => string | undefined) | undefined;
}

/** The objects of a release under the names that they get, with the seals that belong to them. */
export interface NamedObjects {
  readonly objects: readonly PlacedObject[];
  readonly seals: readonly Seal[];
}

/** Gives ConfigMaps and Secrets the names of their contents, where they are to have them, and lets the references follow. */
export function nameByContent(placed: readonly PlacedObject[], context: NamingContext): NamedObjects {
  const known = namings(placed);
  const seals = sealsByObject(context.seals, context.identity.namespace);
  const names = new Map<string, string>();
  for (const { object } of placed) {
    const key = objectKey(referenceTo(object));
    const naming = known.get(key);
    if (naming === undefined || naming.fixed !== undefined) continue;
    const { live, unseal } = { live: context.versionOf(key), unseal: context.unseal };
    const assumed = context.assumedName?.(key);
    names.set(key, assumed ?? contentName(unsealed(object, seals.get(key) ?? [], live, unseal), context));
  }
  return {
    objects: placed.map(given => renamed(given, known, names)),
    seals: context.seals.map(seal => withName(seal, names, context.identity.namespace)),
  };
}

/** `settings-1f2e3d4c5b`. The owner is in it, so that two formations of a namespace never share an object. */
function contentName(object: KubernetesObject, { identity, key }: NamingContext): string {
  const whole = isSecret(object) ? withDataOnly(object) : object;
  const { data = null, binaryData = null, type = null } = whole;
  const { name } = object.metadata;
  const content = canonicalJson({ owner: ownerName(identity), name, data, binaryData, type } as JsonValue);
  const hash = isSecret(object) ? createHmac('sha256', key?.bytes ?? '') : createHash('sha256');
  const suffix = hash.update(content).digest('hex').slice(0, SUFFIX_LENGTH);
  return `${name.slice(0, MAX_NAME - SUFFIX_LENGTH - 1).replace(/[-.]+$/, '')}-${suffix}`;
}

function renamed(
  given: PlacedObject,
  known: ReadonlyMap<string, Naming>,
  names: ReadonlyMap<string, string>,
): PlacedObject {
  const key = objectKey(referenceTo(given.object));
  const object = withPodReferences(
    given.object,
    (kind, name) => names.get(contentKey(kind, given.object, name)) ?? name,
  );
  const naming = known.get(key);
  const name = names.get(key);
  if (name === undefined) return { ...given, object, ...(naming === undefined ? {} : { naming }) };
  const annotations = {
    ...textMap(object.metadata['annotations'] ?? null),
    [GIVEN_NAME]: object.metadata.name,
  };
  const metadata = { ...object.metadata, name, annotations };
  return { ...given, object: { ...object, metadata, immutable: true }, ...(naming && { naming }) };
}

function withName(seal: Seal, names: ReadonlyMap<string, string>, namespace: string): Seal {
  const name = names.get(objectKey({ namespace, ...seal.object }));
  return name === undefined ? seal : { ...seal, object: { ...seal.object, name } };
}

/** The name that an object has in its manifest. */
export function givenNameOf(object: KubernetesObject): string {
  return textMap(object.metadata['annotations'] ?? null)[GIVEN_NAME] ?? object.metadata.name;
}

/** Whether a ConfigMap or Secret bears the name of its content. */
export function isNamedByContent(object: KubernetesObject): boolean {
  return textMap(object.metadata['annotations'] ?? null)[GIVEN_NAME] !== undefined;
}

/** Opens Secrets that bear the names of their contents, as those who gave them know them. */
export function byGivenName(unseal: Unseal): Unseal {
  return secret => {
    const given = { ...secret, metadata: { ...secret.metadata, name: givenNameOf(secret) } };
    return { ...unseal(given), metadata: secret.metadata } as KubernetesObject;
  };
}
