import type { ClusterClient } from '@slipway/cluster';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import type { ReleasedContent } from '@slipway/rollout';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import { type ManagerEntry, managerEntries } from '../objects/managed-fields.ts';
import { type Overwrite, overwrites } from '../objects/overwrites.ts';
import { describeChanges, REPLICAS } from './describe-changes.ts';

/** What another tool applied, which records it and not what it wrote where. */
export interface ToolRelease {
  readonly manifests: readonly KubernetesObject[];
  /** When the tool began to apply it. */
  readonly began: Date;
  /** Whether a manager of fields is the tool. */
  isTool(manager: string): boolean;
}

/**
 * Whether an object still is as another tool applied it, as far as it is known: a value that is not the manifest's and belongs to
 * someone who wrote it after the tool. Who removed a field is not known, and neither whether the server ever took it.
 */
export function appliedContent(
  client: ClusterClient,
  release: ToolRelease,
  manifest: KubernetesObject,
): ReleasedContent {
  const { manifests } = release;
  return {
    isTouched: live => laterChanges(manifest, live, release).length > 0,
    changes: async seen => {
      const live = (await unlessForbidden(client.get(referenceTo(manifest)))) ?? seen;
      const found = laterChanges(manifest, live, release).filter(change => change.live !== undefined);
      return await describeChanges(found, { client, manifests, manifest });
    },
  };
}

function laterChanges(
  manifest: KubernetesObject,
  live: KubernetesObject,
  release: ToolRelease,
): readonly Overwrite[] {
  const entries = managerEntries(live).filter(({ subresource }) => subresource !== 'status');
  const isLater = laterThan(entries, release);
  const owners = {
    ours: undefined,
    others: entries.map(({ fields }, index) => ({ manager: `${index}`, fields })),
  };
  return overwrites(manifest, live, owners).flatMap(change => {
    const owning = change.managers.map(index => entries[Number(index)]).filter(entry => entry !== undefined);
    const later = owning.filter(isLater);
    const isTaken = owning.length === 0 && change.pointer === REPLICAS && isApplied(entries, release);
    return later.length > 0 || isTaken
      ? [{ ...change, managers: [...new Set(later.map(({ name }) => name))] }]
      : [];
  });
}

/** Whoever scales by hand takes the number from the tool, and the server does not note who that was. */
function isApplied(entries: readonly ManagerEntry[], { isTool }: ToolRelease): boolean {
  return entries.some(({ name }) => isTool(name));
}

function laterThan(
  entries: readonly ManagerEntry[],
  { began, isTool }: ToolRelease,
): (entry: ManagerEntry) => boolean {
  const times = entries.filter(({ name }) => isTool(name)).map(({ time }) => time);
  const since = Math.max(began.getTime(), ...times);
  return ({ name, time }) => !isTool(name) && time > since;
}
