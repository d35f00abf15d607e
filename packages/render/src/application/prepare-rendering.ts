import { join } from 'node:path';
import { type Snapshot, throwIfAny } from '@slipway/core';
import { filesBelow } from '../files/file-source.ts';
import { outputFolder } from '../files/output-path.ts';
import type { ConfigChoice } from '../promotion/passed-config.ts';
import { type Promoted, type PromotionRequest, type Promotions, promote } from '../promotion/promote.ts';
import { selectTargets } from '../render/targets.ts';
import { unknownPromotions } from '../repository/promoted-from.ts';
import { inWorkspace, readRepositoryFrom } from '../repository/read-repository.ts';
import type { Repository } from '../repository/repository.ts';
import { contentFolders, readSharedRevisions } from '../repository/shared-revisions.ts';
import { type SpawnFor, spawn } from '../repository/spawn.ts';
import { refuseForeignSnapshot } from '../repository/spawn-errors.ts';
import { sourcePaths } from '../sources/source-paths.ts';
import type { SourceTools } from '../sources/tools.ts';
import type { Target } from '../values/address-table.ts';
import { type ReadTaggedSnapshot, readSnapshotFile, type SnapshotSource } from './snapshot-source.ts';
import { notedFiles, type OpenHead, uncommittedFiles } from './uncommitted-files.ts';

/** What to render, and with what. Paths are relative to the workspace unless they are absolute. */
export interface RenderingRequest {
  /** Path of slipway.yaml. */
  readonly application: string;
  /** None for all. */
  readonly formations: readonly string[];
  /** For what formations are spawned; absent where none is. */
  readonly spawn?: SpawnFor;
  /** None for all. */
  readonly destinations: readonly string[];
  /** Absent for images that stay unresolved. */
  readonly snapshot?: SnapshotSource;
  /** Where a tagged snapshot is, if not in the application's `spec.registry`; one of an instance is in the registry of its block. */
  readonly registry?: string;
  /** The folder to write to; `slipway/<application>` in the temporary directory by default. */
  readonly output?: string;
  /** Values of this run by word, which win over every config file. */
  readonly set: Readonly<Record<string, string>>;
  /** Lines of the result whose origin is asked for, such as `production/eu/manifests/api.yaml:12`. */
  readonly explain: readonly string[];
  /** Whose stencils and config a promotion takes, if it is said. */
  readonly config?: ConfigChoice;
}

/** What a rendering runs with: the machine, and what only the caller can ask. */
export interface RenderingSurroundings extends SourceTools {
  readonly readTaggedSnapshot: ReadTaggedSnapshot;
  /** The commit that is checked out in a folder of the workspace; undefined where that is not a checkout. */
  readonly readRevision: (folder: string) => Promise<string | undefined>;
  /** Absent where nothing is deployed of what is rendered, as on a pull request. */
  readonly openHead?: OpenHead;
  /** Absent where there is no snapshot, as on a pull request. */
  readonly promotions?: Promotions;
}

/** All that is known before anything is rendered. */
export interface PreparedRendering {
  readonly repository: Repository;
  readonly targets: readonly Target[];
  readonly snapshot: Snapshot | undefined;
  /** The commit that is checked out; undefined outside of a checkout, and where files that are read are not those of the commit. */
  readonly configRevision: string | undefined;
  /** The files that are not those of the commit that is checked out, if there is one: paths in the workspace. */
  readonly uncommitted: readonly string[];
  /** The commits of other checkouts that are read, by folder or file. */
  readonly sharedRevisions: Readonly<Record<string, string>>;
  /** Targets that are rendered from the commit that passed, and not from the checkout. */
  readonly promoted: readonly Promoted[];
  /** Absolute. */
  readonly output: string;
}

/** @throws SlipwayError with what is wrong with the application's files, the targets, the output or the snapshot */
export async function prepareRendering(
  request: RenderingRequest,
  surroundings: RenderingSurroundings,
): Promise<PreparedRendering> {
  const { workspace, temporaryDirectory } = surroundings;
  const application = inWorkspace(request.application, workspace);
  const noted = notedFiles(filesBelow(workspace));
  const declared = await readRepositoryFrom(noted.files, application);
  throwIfAny(unknownPromotions(declared));
  const repository =
    request.spawn === undefined ? declared : spawn(declared, request.spawn, request.formations);
  const formations =
    request.spawn === undefined ? request.formations : [...(repository.spawned?.keys() ?? [])];
  const targets = selectTargets(repository, formations, request.destinations);
  const output =
    request.output === undefined
      ? join(temporaryDirectory, 'slipway', repository.application.metadata.name)
      : outputFolder(request.output, workspace);
  const paths = await sourcePaths(filesBelow(workspace), repository);
  const [snapshot, head] = await Promise.all([
    readSnapshotOf(request, repository, surroundings),
    surroundings.readRevision(repository.directory),
  ]);
  const { openHead } = surroundings;
  const uncommitted =
    head === undefined || openHead === undefined
      ? []
      : await uncommittedFiles(noted, paths, repository, openHead);
  const configRevision = uncommitted.length === 0 ? head : undefined;
  const sharedRevisions = await readSharedRevisions(
    [...contentFolders(repository), ...paths],
    head,
    surroundings.readRevision,
  );
  const known = { repository, targets, snapshot, configRevision, uncommitted, sharedRevisions, output };
  const { set, config: choice } = request;
  const promotion = {
    repository,
    application,
    targets,
    sourcePaths: paths,
    set,
    choice,
    head,
    configRevision,
  };
  return { ...known, promoted: await promotedOf(promotion, snapshot, surroundings.promotions) };
}

async function promotedOf(
  request: Omit<PromotionRequest, 'snapshot'>,
  snapshot: Snapshot | undefined,
  promotions: Promotions | undefined,
): Promise<readonly Promoted[]> {
  if (snapshot === undefined || promotions === undefined) return [];
  return await promote({ ...request, snapshot }, promotions);
}

async function readSnapshotOf(
  { snapshot, registry }: RenderingRequest,
  { application: { metadata, spec }, spawned }: Repository,
  { workspace, readTaggedSnapshot }: RenderingSurroundings,
): Promise<Snapshot | undefined> {
  if (snapshot === undefined) return undefined;
  const [instance] = spawned?.values() ?? [];
  const home = instance?.block.registry ?? registry ?? spec.registry;
  const read =
    'path' in snapshot
      ? await readSnapshotFile(snapshot.path, workspace)
      : await readTaggedSnapshot({ application: metadata.name, registry: home }, snapshot.deploymentTag);
  refuseForeignSnapshot(read, instance?.key);
  return read;
}
