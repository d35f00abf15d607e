import { join } from 'node:path';
import type { Application, Snapshot } from '@slipway/core';
import { outputFolder } from '../files/output-path.ts';
import type { ConfigChoice } from '../promotion/passed-config.ts';
import { type Promoted, type Promotions, promote } from '../promotion/promote.ts';
import { selectTargets } from '../render/targets.ts';
import { readRepository } from '../repository/read-repository.ts';
import type { Repository } from '../repository/repository.ts';
import type { SourceTools } from '../sources/tools.ts';
import type { Target } from '../values/address-table.ts';
import { type ReadTaggedSnapshot, readSnapshotFile, type SnapshotSource } from './snapshot-source.ts';

/** What to render, and with what. Paths are relative to the workspace unless they are absolute. */
export interface RenderingRequest {
  /** Path of slipway.yaml. */
  readonly application: string;
  /** None for all. */
  readonly formations: readonly string[];
  /** None for all. */
  readonly destinations: readonly string[];
  /** Absent for images that stay unresolved. */
  readonly snapshot?: SnapshotSource;
  /** Where a tagged snapshot is, if not in the application's `spec.registry`. */
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
  /** Absent where there is no snapshot, as on a pull request. */
  readonly promotions?: Promotions;
}

/** All that is known before anything is rendered. */
export interface PreparedRendering {
  readonly repository: Repository;
  readonly targets: readonly Target[];
  readonly snapshot: Snapshot | undefined;
  /** The commit that is checked out; undefined outside of a checkout. */
  readonly configRevision: string | undefined;
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
  const repository = await readRepository({ workspace, application: request.application });
  const targets = selectTargets(repository, request.formations, request.destinations);
  const output =
    request.output === undefined
      ? join(temporaryDirectory, 'slipway', repository.application.metadata.name)
      : outputFolder(request.output, workspace);
  const [snapshot, configRevision] = await Promise.all([
    readSnapshotOf(request, repository.application, surroundings),
    surroundings.readRevision(repository.directory),
  ]);
  const known = { repository, targets, snapshot, configRevision, output };
  return { ...known, promoted: await promotedOf(known, request, surroundings) };
}

async function promotedOf(
  { repository, targets, snapshot, configRevision: head }: Omit<PreparedRendering, 'promoted'>,
  { application, set, config: choice }: RenderingRequest,
  { promotions }: RenderingSurroundings,
): Promise<readonly Promoted[]> {
  if (snapshot === undefined || promotions === undefined) return [];
  return await promote({ repository, application, targets, snapshot, set, choice, head }, promotions);
}

async function readSnapshotOf(
  { snapshot, registry }: RenderingRequest,
  { metadata, spec }: Application,
  { workspace, readTaggedSnapshot }: RenderingSurroundings,
): Promise<Snapshot | undefined> {
  if (snapshot === undefined) return undefined;
  if ('path' in snapshot) return await readSnapshotFile(snapshot.path, workspace);
  const home = { application: metadata.name, registry: registry ?? spec.registry };
  return await readTaggedSnapshot(home, snapshot.deploymentTag);
}
