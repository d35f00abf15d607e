import { createHash, createHmac } from 'node:crypto';
import { canonicalJson, defined, isJsonObject, type JsonObject, type Seal, textMap } from '@slipway/core';
import {
  CONTENT,
  contentName,
  GIVEN_NAME,
  givenNameOf,
  isSecret,
  type KubernetesObject,
  objectKey,
  referenceTo,
} from '@slipway/kubernetes';
import { ownerName } from '../names.ts';
import { sealsByObject, unsealed } from '../objects/body.ts';
import { withDataOnly } from '../objects/secret-data.ts';
import type { Naming, ReleaseIdentity, ResolvedObject, Unseal } from '../request.ts';
import { contentKey, namings } from './naming.ts';
import { withPodReferences } from './pod-references.ts';

/** The key with which a formation's Secrets are hashed: without it, anyone could test guesses of the content against the name. */
export interface HashKey {
  readonly bytes: Buffer;
  /** Whether the namespace already has it; otherwise it must be stored before anything is named with it. */
  readonly kept: boolean;
}

/** What the names of a release's contents are made from. */
export interface NamingContext {
  readonly identity: ReleaseIdentity;
  readonly seals: readonly Seal[];
  /** Needed if there are Secrets. */
  readonly key: HashKey | undefined;
  /** Opens a Secret under its given name; without it, a sealed Secret is assumed to have the content of its live version. */
  readonly unseal: Unseal | undefined;
  /** The live version of what is named by its content, by the key that its given name has. */
  readonly versionOf: (key: string) => KubernetesObject | undefined;
  /** The name that live pods refer to, if the content cannot be read at all. */
  readonly assumedName?: ((key: string) => string | undefined) | undefined;
}

/** The objects of a release under the names that they get, with the seals that belong to them. */
export interface NamedObjects {
  readonly objects: readonly ResolvedObject[];
  readonly seals: readonly Seal[];
}

interface ContentName {
  readonly name: string;
  /** Absent if the name is only assumed. */
  readonly hash?: string;
}

/** Names ConfigMaps and Secrets by their content unless they keep their names, and changes the references to them. */
export function nameByContent(placed: readonly ResolvedObject[], context: NamingContext): NamedObjects {
  const known = namings(placed);
  const seals = sealsByObject(context.seals, context.identity.namespace);
  const names = new Map<string, ContentName>();
  for (const { object } of placed) {
    const key = objectKey(referenceTo(object));
    const naming = known.get(key);
    if (naming === undefined || naming.fixed !== undefined) continue;
    const assumed = context.assumedName?.(key);
    if (assumed !== undefined) {
      names.set(key, { name: assumed });
      continue;
    }
    const open = unsealed(object, seals.get(key) ?? [], context.versionOf(key), context.unseal);
    const hash = contentHash(open, context.identity, context.key);
    names.set(key, { name: contentName(object.metadata.name, hash), hash });
  }
  return {
    objects: placed.map(given => renamed(given, known, names)),
    seals: context.seals.map(seal => withName(seal, names, context.identity.namespace)),
  };
}

/**
 * The hash of the content of a ConfigMap or Secret, in hexadecimal. It includes the owner, so that two formations never share an
 * object.
 */
export function contentHash(
  object: KubernetesObject,
  owner: Parameters<typeof ownerName>[0],
  key: HashKey | undefined,
): string {
  const { name } = object.metadata;
  const held = isSecret(object) ? heldBySecret(object) : heldByMap(object);
  const content = canonicalJson({ owner: ownerName(owner), name, ...held });
  const hash = isSecret(object) ? createHmac('sha256', key?.bytes ?? '') : createHash('sha256');
  return hash.update(content).digest('hex');
}

function heldByMap({ data = null, binaryData = null }: KubernetesObject): JsonObject {
  return { data, binaryData };
}

/** As the API server stores it: base64 in its canonical form, and with the default type. */
function heldBySecret(secret: KubernetesObject): JsonObject {
  const { data, type = 'Opaque' } = withDataOnly(secret);
  const usual = Object.entries(isJsonObject(data) ? data : {}).map(([key, text]) => [
    key,
    Buffer.from(String(text), 'base64').toString('base64'),
  ]);
  return { data: Object.fromEntries(usual), type };
}

function renamed(
  given: ResolvedObject,
  known: ReadonlyMap<string, Naming>,
  names: ReadonlyMap<string, ContentName>,
): ResolvedObject {
  const key = objectKey(referenceTo(given.object));
  const object = withPodReferences(
    given.object,
    (kind, name) => names.get(contentKey(kind, given.object, name))?.name ?? name,
  );
  const naming = known.get(key);
  const own = names.get(key);
  if (own === undefined) return { ...given, object, ...defined({ naming }) };
  const annotations = {
    ...textMap(object.metadata['annotations'] ?? null),
    [GIVEN_NAME]: object.metadata.name,
    ...(own.hash === undefined ? {} : { [CONTENT]: own.hash }),
  };
  const metadata = { ...object.metadata, name: own.name, annotations };
  return { ...given, object: { ...object, metadata, immutable: true }, ...(naming && { naming }) };
}

function withName(seal: Seal, names: ReadonlyMap<string, ContentName>, namespace: string): Seal {
  const name = names.get(objectKey({ namespace, ...seal.object }))?.name;
  return name === undefined ? seal : { ...seal, object: { ...seal.object, name } };
}

/** Opens Secrets that have the names of their contents, with an `unseal` that knows their given names. */
export function byGivenName(unseal: Unseal): Unseal {
  return secret => {
    const given = { ...secret, metadata: { ...secret.metadata, name: givenNameOf(secret) } };
    return { ...unseal(given), metadata: secret.metadata } as KubernetesObject;
  };
}
