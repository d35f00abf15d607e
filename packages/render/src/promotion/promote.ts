import { inParallel, type Problem, Problems, quote, SlipwayError, type Snapshot } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { FileSource } from '../files/file-source.ts';
import { readRepositoryFrom } from '../repository/read-repository.ts';
import type { Repository } from '../repository/repository.ts';
import { contentFolders, readSharedRevisions } from '../repository/shared-revisions.ts';
import { sourcePaths } from '../sources/source-paths.ts';
import type { Target } from '../values/address-table.ts';
import { historyUnknown, refuseForeign } from './foreign-commit.ts';
import { withOtherCheckouts } from './other-checkouts.ts';
import {
  type ConfigChoice,
  type PassedConfig,
  type PassedVerdict,
  passedConfig,
  shortId,
} from './passed-config.ts';
import { newDestinations, type PromotedContent, promotedRepository } from './promoted-repository.ts';

/** What only the caller can ask about what passed, and about the commits of the checkout's repository. */
export interface Promotions {
  /** The verdicts on a snapshot by destination; those that there are. */
  verdictsOn(
    snapshot: Snapshot,
    formation: string,
    destinations: readonly string[],
  ): Promise<ReadonlyMap<string, PassedVerdict>>;
  /** Whether the history of the checkout has a commit; undefined if that cannot be told. @param commit a full id */
  isContained(commit: string): Promise<boolean | undefined>;
  /** A commit's files, by their paths in the workspace, read as objects; undefined if no one has it. @param commit a full id */
  openCommit(commit: string): Promise<FileSource | undefined>;
  /** The files of other checkouts that the workflow made in the workspace. */
  readonly otherCheckouts: FileSource;
  /** The commit that is checked out in a folder of the workspace; undefined where that is not a checkout. */
  readRevision(folder: string): Promise<string | undefined>;
}

/** What some targets are rendered from, where that is not the checkout. */
export interface Promoted {
  readonly targets: readonly Target[];
  readonly repository: Repository;
  readonly files: FileSource;
  /** The commit of the stencils and config, a full id. */
  readonly revision: string;
  readonly sharedRevisions: Readonly<Record<string, string>>;
  /** Destinations that this commit does not have, such as `production/asia`: their patches are those of the checkout. */
  readonly newDestinations: readonly string[];
}

export interface PromotionRequest {
  readonly repository: Repository;
  /** Path of slipway.yaml in the workspace. */
  readonly application: string;
  readonly targets: readonly Target[];
  readonly snapshot: Snapshot;
  readonly choice: ConfigChoice | undefined;
  /** Values of this run by word. */
  readonly set: Readonly<Record<string, string>>;
  /** The files and folders of the workspace that sources are made from. */
  readonly sourcePaths: readonly string[];
  /** The commit that is checked out; undefined outside of a checkout. */
  readonly head: string | undefined;
  /** That commit, if all that is rendered from the checkout is part of it. */
  readonly configRevision: string | undefined;
}

/**
 * Finds what the targets of formations with `promoted-from` are rendered from: the commit with which the snapshot passed there. A
 * snapshot that has not passed there is rendered from the checkout, as on the way to staging, and deploy refuses it.
 * @throws SlipwayError with all that speaks against it, of all formations
 */
export async function promote(
  request: PromotionRequest,
  promotions: Promotions,
): Promise<readonly Promoted[]> {
  if (request.choice === 'head') return [];
  const byFormation = Map.groupBy(request.targets, ({ formation }) => formation);
  const problems = new Problems<RenderErrorCode>();
  const found = await inParallel([...byFormation], async ([formation, targets]) =>
    problems.collect(() => promoteFormation(formation, targets, request, promotions)),
  );
  problems.throwIfAny();
  return found.filter(promoted => promoted !== undefined);
}

async function promoteFormation(
  formation: string,
  targets: readonly Target[],
  request: PromotionRequest,
  promotions: Promotions,
): Promise<Promoted | undefined> {
  const { repository, snapshot, choice, head, configRevision } = request;
  const from = repository.formations.get(formation)?.spec['promoted-from'];
  if (from === undefined) return undefined;
  const destinations = Object.keys(repository.formations.get(from)?.spec.destinations ?? {});
  const known = await promotions.verdictsOn(snapshot, from, destinations);
  const verdicts = new Map(destinations.map(name => [name, known.get(name)]));
  const passed = passedConfig({ snapshot, formation: from, verdicts, choice });
  if (passed === undefined) return undefined;
  refuseSet(request, from);
  // What is checked out is what passed: there is nothing else to read, and no history to ask about.
  if (passed.revision === configRevision) {
    const others = [...contentFolders(repository), ...request.sourcePaths];
    await refuseOtherShared(others, passed, request, from, promotions);
    return undefined;
  }
  const name = `the commit ${shortId(passed.revision)}, with which ${quote(snapshot.deploymentTag)} passed in ${quote(from)},`;
  const committed = await openContained(passed.revision, name, head, promotions);
  const files = withOtherCheckouts(committed, promotions.otherCheckouts, passed.sharedRevisions);
  const content = await readContent(files, name, request, promotions);
  const others = [...contentFolders(content), ...(await sourcePaths(files, content))];
  await refuseOtherShared(others, passed, request, from, promotions);
  const promoted: PromotedContent = { content, head: repository, revision: passed.revision, name };
  return {
    ...{ targets, files, revision: passed.revision, sharedRevisions: passed.sharedRevisions },
    repository: promotedRepository(promoted, [formation]),
    newDestinations: newDestinations(promoted, [formation]),
  };
}

/** A value of this run never ran where the snapshot passed. @throws SlipwayError `set-invalid` */
function refuseSet({ set, snapshot }: PromotionRequest, from: string): void {
  const [word] = Object.keys(set);
  if (word === undefined) return;
  throw new SlipwayError<RenderErrorCode>({
    code: 'set-invalid',
    message: `input "set" gives ${quote(word)} a value with which ${quote(snapshot.deploymentTag)} did not pass in ${quote(from)}`,
    remedy: 'remove it, or set "config: head" with a reason',
  });
}

/** @throws SlipwayError `config-foreign`, `history-unknown` */
export async function openContained(
  revision: string,
  name: string,
  head: string | undefined,
  promotions: Pick<Promotions, 'isContained' | 'openCommit'>,
): Promise<FileSource> {
  refuseForeign(name, await promotions.isContained(revision), head);
  const files = await promotions.openCommit(revision);
  if (files !== undefined) return files;
  throw historyUnknown(`${name} cannot be read from this checkout`);
}

export async function readContent(
  files: FileSource,
  name: string,
  { application }: Pick<PromotionRequest, 'application'>,
  { otherCheckouts }: Pick<Promotions, 'otherCheckouts'>,
): Promise<Repository> {
  if ((await files.read(application)) === undefined)
    throw new SlipwayError<RenderErrorCode>({
      code: 'config-incomplete',
      message: `${name} has no file ${quote(application)}`,
      remedy:
        'release a commit that has it to the formation that this one is promoted from and verify it there, or set "config: head" with a reason',
    });
  return await readRepositoryFrom(files, application, otherCheckouts);
}

/**
 * New files of a second checkout would meet the application as it was.
 * @param folders shared folders, and files and folders of sources
 * @throws SlipwayError `shared-differs`
 */
async function refuseOtherShared(
  folders: readonly string[],
  { revision, sharedRevisions }: PassedConfig,
  { snapshot, head }: PromotionRequest,
  from: string,
  { readRevision }: Promotions,
): Promise<void> {
  const named = [...new Set([...folders, ...Object.keys(sharedRevisions)])];
  const now = await readSharedRevisions(named, head, readRevision);
  const problems = Object.keys({ ...sharedRevisions, ...now }).flatMap(
    (folder): Problem<RenderErrorCode>[] => {
      const [then, current] = [sharedRevisions[folder], now[folder]];
      // A folder of this repository has the commit that passed, as all of it has.
      if (then === current || (then === undefined && current === revision)) return [];
      const [here, there] = [current, then].map(found =>
        found === undefined ? 'no commit of its own' : shortId(found),
      );
      return [
        {
          code: 'shared-differs',
          message: `the second checkout with ${quote(folder)} is at ${here}, but ${quote(snapshot.deploymentTag)} passed in ${quote(from)} with ${there}`,
          remedy: 'check out the commit that passed, or set "config: head" with a reason',
        },
      ];
    },
  );
  const all = new Problems<RenderErrorCode>();
  for (const problem of problems) all.add(problem);
  all.throwIfAny();
}
