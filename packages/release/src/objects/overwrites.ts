import { formatPointer, isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';
import {
  asServerWrites,
  isAtomicMap,
  isSecret,
  itemKey,
  itemsByKey,
  type KubernetesObject,
  kindKey,
  type ListKey,
} from '@slipway/kubernetes';
import { withoutEmptyStrategy } from './claims.ts';
import { type ListTypeAt, listTypesOf } from './list-types.ts';
import { sameJson, withoutServerMetadata } from './managed-fields.ts';
import { type OwnedTree, type Owners, ofField, ofItem } from './ownership.ts';
import { withDataOnly } from './secret-data.ts';

/** A field that was applied, that its applier does not own any more, and that has another value. */
export interface Overwrite {
  /** RFC 6901, in the manifest. */
  readonly pointer: string;
  readonly applied: JsonValue;
  /** Undefined where the field was removed. */
  readonly live: JsonValue | undefined;
  /** Who owns it now; none for one that was removed. */
  readonly managers: readonly string[];
}

/**
 * What others have written over since a manifest was applied, told from who owns the fields. A webhook that changed a value when it was
 * applied did not take the ownership, nor did the server with its defaults, and what was changed and changed back is as it was applied. A live object of which
 * only the metadata is known has every field that it may turn out to have.
 */
export function overwrites(
  manifest: KubernetesObject,
  live: KubernetesObject,
  owners: Owners,
): readonly Overwrite[] {
  const isKnown = owners.ours !== undefined;
  const context = { kind: manifest, listTypeAt: listTypesOf(manifest, live), isKnown };
  return inMap(comparable(manifest), live, owners, [], context);
}

interface Context {
  readonly kind: KubernetesObject;
  readonly listTypeAt: ListTypeAt;
  /** Whether it is known what the applier owns. */
  readonly isKnown: boolean;
}

/** What of a manifest its applier owns, except for its name, and a status, which belongs to a controller. */
function comparable(manifest: KubernetesObject): JsonObject {
  const body = withoutEmptyStrategy(isSecret(manifest) ? withDataOnly(manifest) : manifest);
  const { name: _name, namespace: _namespace, ...metadata } = withoutServerMetadata(body).metadata;
  const { apiVersion: _apiVersion, kind: _kind, status: _status, ...rest } = body;
  return { ...withoutAggregated(rest, manifest), metadata };
}

/** The rules of such a role are the controller's, whatever the manifest says: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles */
function withoutAggregated(body: JsonObject, manifest: KubernetesObject): JsonObject {
  const { rules: _rules, ...rest } = body;
  const isAggregated = kindKey(manifest) === 'ClusterRole.rbac.authorization.k8s.io';
  return isAggregated && isJsonObject(body['aggregationRule']) ? rest : body;
}

/** What controllers write into the objects of others by design: a placeholder for it is not what is meant to stay. */
const OF_CONTROLLERS = [
  // https://cert-manager.io/docs/concepts/ca-injector/
  /^\/(?:webhooks\/\d+\/clientConfig|spec|spec\/conversion\/webhook\/clientConfig)\/caBundle$/,
  // https://kubernetes.io/docs/reference/labels-annotations-taints/#deployment-kubernetes-io-revision
  /^\/metadata\/annotations\/deployment\.kubernetes\.io~1/,
];

function inMap(
  applied: JsonObject,
  live: JsonValue | undefined,
  owners: Owners,
  path: Path,
  context: Context,
): readonly Overwrite[] {
  const values: JsonObject = isJsonObject(live) ? live : {};
  const trees: JsonObject = isJsonObject(owners.ours) ? owners.ours : {};
  // Most fields are ours alone, and nothing has to be put together for them.
  return Object.entries(applied).flatMap(([key, value]) =>
    isOwnedWhole(trees[`f:${key}`])
      ? []
      : inValue(value, values[key], ofField(owners, key), [...path, key], context),
  );
}

function inValue(
  applied: JsonValue | undefined,
  live: JsonValue | undefined,
  owners: Owners,
  path: Path,
  context: Context,
): readonly Overwrite[] {
  if (applied === undefined || applied === null || isOwnedWhole(owners.ours)) return [];
  const isGone = live === undefined && owners.ours === undefined;
  if (!isGone && isJsonObject(applied) && !isOne(applied, path, context))
    return inMap(applied, live, owners, path, context);
  if (!isGone && Array.isArray(applied)) return inList(applied, live, owners, path, context);
  return asOne(applied, live, owners, path, context);
}

/** An empty tree owns all that is in the field. */
function isOwnedWhole(tree: OwnedTree): boolean {
  return isJsonObject(tree) && Object.keys(tree).length === 0;
}

function isOne(applied: JsonObject, path: Path, { kind }: Context): boolean {
  return Object.keys(applied).length === 0 || isAtomicMap(kind, path) === true;
}

function inList(
  applied: readonly JsonValue[],
  live: JsonValue | undefined,
  owners: Owners,
  path: Path,
  context: Context,
): readonly Overwrite[] {
  const type = context.listTypeAt(path) ?? 'atomic';
  if (type === 'atomic') return asOne(applied as JsonValue, live, owners, path, context);
  const keys = type === 'set' ? undefined : type;
  const items = Array.isArray(live) ? (live as readonly JsonValue[]) : [];
  return applied.flatMap((item, index) =>
    inValue(item, itemLike(item, items, keys), ofItem(owners, item, keys), [...path, index], context),
  );
}

function itemLike(
  item: JsonValue,
  items: readonly JsonValue[],
  keys: readonly ListKey[] | undefined,
): JsonValue | undefined {
  if (keys === undefined) return items.find(other => sameJson(other, item));
  return itemsByKey(items, keys)?.get(itemKey(item, keys) ?? '')?.item;
}

/** A value that has one owner. */
function asOne(
  applied: JsonValue,
  live: JsonValue | undefined,
  owners: Owners,
  path: Path,
  { kind, isKnown }: Context,
): readonly Overwrite[] {
  const pointer = formatPointer(path);
  if (owners.ours !== undefined || OF_CONTROLLERS.some(pattern => pattern.test(pointer))) return [];
  if (live !== undefined && covers(asServerWrites(applied, kind, path), live)) return [];
  if (live === undefined && mayBeLeftOut(applied, isKnown)) return [];
  const now = owners.others.filter(({ fields }) => fields !== undefined).map(owner => owner.manager);
  return [{ pointer, applied, live, managers: [...new Set(now)] }];
}

/** The server leaves out lists that are empty and some maps; which maps is only known by who owns them. */
function mayBeLeftOut(applied: JsonValue, isKnown: boolean): boolean {
  const isEmpty = typeof applied === 'object' && Object.keys(applied ?? {}).length === 0;
  return isEmpty && (Array.isArray(applied) || !isKnown);
}

/** Whether a live value is the applied one, with the server's defaults. */
function covers(applied: JsonValue, live: JsonValue | undefined): boolean {
  if (applied === null) return true;
  if (Array.isArray(applied) && Array.isArray(live))
    return (
      live.length === applied.length &&
      applied.every((item, index) => covers(item as JsonValue, live[index] as JsonValue))
    );
  if (!isJsonObject(applied) || !isJsonObject(live)) return applied === live;
  return Object.entries(applied).every(([key, value]) => covers(value, live[key]));
}
