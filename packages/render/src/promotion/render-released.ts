import { defined, SlipwayError, type Snapshot } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import { renderAll } from '../render/render-all.ts';
import { inWorkspace } from '../repository/read-repository.ts';
import type { Repository } from '../repository/repository.ts';
import type { SourceTools } from '../sources/tools.ts';
import type { Target } from '../values/address-table.ts';
import { withOtherCheckouts } from './other-checkouts.ts';
import { shortId } from './passed-config.ts';
import { openContained, type Promotions, readContent } from './promote.ts';
import { promotedRepository } from './promoted-repository.ts';

/** A release that was rendered before, and the checkout that it is rendered beside. */
export interface ReleasedRequest {
  readonly target: Target;
  /** With the images that the release has. */
  readonly snapshot: Snapshot;
  /** The commit of its stencils and config, a full id. */
  readonly revision: string;
  /** The commits of other checkouts that it was rendered with, by folder. */
  readonly sharedRevisions: Readonly<Record<string, string>>;
  /** The digest that its tree had; undefined if that is not known. */
  readonly digest: string | undefined;
  /** Path of slipway.yaml, relative to the workspace unless it is absolute. */
  readonly application: string;
  /** Whether it took only stencils and config from that commit, as far as anyone knows: the digest decides. */
  readonly isPromoted: boolean;
  /** The files of the checkout. */
  readonly checkout: Repository;
  /** The commit that is checked out; undefined outside of a checkout. */
  readonly head: string | undefined;
}

/** What only the caller can read of the commits of the checkout's repository. */
export type ReleasedFiles = Pick<Promotions, 'isContained' | 'openCommit' | 'otherCheckouts'>;

export interface RenderedAgain {
  readonly rendering: RenderedDestination;
  /** Whether it has the digest of the release, so that it is what was deployed. */
  readonly isSame: boolean;
}

/**
 * Renders what was released again, from the objects of its commit and without a change to the checkout. A release that was promoted had
 * its destinations and secret entries from another commit, which no one wrote down: those of the checkout are tried, and the digest
 * says whether they are the same.
 * @throws SlipwayError if the commit cannot be read, or with what is wrong with its files
 */
export async function renderReleased(
  request: ReleasedRequest,
  files: ReleasedFiles,
  tools: SourceTools,
): Promise<RenderedAgain> {
  const name = `the commit ${shortId(request.revision)}, from which it was rendered,`;
  const committed = await openContained(request.revision, name, request.head, files);
  const application = inWorkspace(request.application, tools.workspace);
  const joined = withOtherCheckouts(committed, files.otherCheckouts, request.sharedRevisions);
  const content = await readContent(joined, name, { application }, files);
  const all = { ...tools, files: joined };
  const { checkout: head, revision, target } = request;
  const whole = () => content;
  const promoted = () => promotedRepository({ content, head, revision, name }, [target.formation]);
  return await firstSame(request.isPromoted ? [promoted, whole] : [whole, promoted], request, all);
}

/** The first of the repositories that gives the digest of the release, else what the first one gives that can be rendered. */
async function firstSame(
  repositories: readonly (() => Repository)[],
  request: ReleasedRequest,
  tools: SourceTools,
): Promise<RenderedAgain> {
  const found: RenderedDestination[] = [];
  const failures: SlipwayError[] = [];
  for (const open of repositories) {
    try {
      const rendering = await renderOne(open(), request, tools);
      if (rendering.rendered.digest === request.digest) return { rendering, isSame: true };
      found.push(rendering);
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      failures.push(error);
    }
  }
  const [rendering] = found;
  if (rendering === undefined) throw failures.at(-1);
  return { rendering, isSame: false };
}

async function renderOne(
  repository: Repository,
  { target, snapshot, revision }: ReleasedRequest,
  tools: SourceTools,
): Promise<RenderedDestination> {
  const { formation, destination } = target;
  if (repository.formations.get(formation)?.spec.destinations[destination] === undefined)
    throw new SlipwayError<RenderErrorCode>({
      code: 'config-incomplete',
      message: `the commit ${shortId(revision)} has no destination ${formation}/${destination}`,
    });
  const { destinations } = await renderAll(repository, {
    targets: [target],
    tools,
    ...defined({ snapshot, configRevision: revision }),
  });
  const [rendering] = destinations;
  if (rendering === undefined) throw new TypeError('one target was asked for');
  return rendering;
}
