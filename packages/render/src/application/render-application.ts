import { combinedDigest, defined } from '@slipway/core';
import { type ExplainedLine, explainLines } from '../explain/explain-line.ts';
import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import { writeRenderedTree } from '../manifests/write-rendered-tree.ts';
import { type RenderedAll, renderAll } from '../render/render-all.ts';
import { type WaveJob, wavesOf } from '../render/waves.ts';
import type { PreparedRendering, RenderingRequest, RenderingSurroundings } from './prepare-rendering.ts';

/** What was rendered, and what is known of it once it is written. */
export interface RenderedApplication extends RenderedAll {
  /** As they were written: with their digests. */
  readonly destinations: readonly RenderedDestination[];
  /** Over all destinations; that of a single one is its own. */
  readonly digest: string;
  readonly waves: readonly (readonly WaveJob[])[];
  readonly explained: readonly ExplainedLine[];
}

/**
 * Renders the targets and writes them below the output folder. Nothing is written unless all of them render.
 * @throws SlipwayError with the problems of all targets
 */
export async function renderApplication(
  { repository, targets, snapshot, configRevision, output }: PreparedRendering,
  { set, explain }: Pick<RenderingRequest, 'set' | 'explain'>,
  surroundings: RenderingSurroundings,
): Promise<RenderedApplication> {
  const sharedRevisions = await readSharedRevisions(
    repository.sharedDirectories,
    configRevision,
    surroundings,
  );
  const all = await renderAll(repository, {
    ...{ targets, set, sharedRevisions, tools: surroundings },
    ...defined({ snapshot, configRevision }),
  });
  const explained = explainLines(explain, repository, all.destinations, output);
  const destinations = await writeRenderedTree(output, all.destinations);
  return {
    destinations,
    warnings: all.warnings,
    digest: combinedDigest(destinations.map(({ rendered }) => rendered)),
    waves: wavesOf(repository, destinations),
    explained,
  };
}

/**
 * The commits of shared folders that are checkouts themselves, by folder.
 * @param own the application's, which folders of the same repository have too
 */
async function readSharedRevisions(
  folders: readonly string[],
  own: string | undefined,
  { readRevision }: Pick<RenderingSurroundings, 'readRevision'>,
): Promise<Record<string, string>> {
  const found = await Promise.all(folders.map(async folder => [folder, await readRevision(folder)] as const));
  return Object.fromEntries(
    found.flatMap(([folder, revision]) =>
      revision === undefined || revision === own ? [] : [[folder, revision]],
    ),
  );
}
