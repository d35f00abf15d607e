import { combinedDigest, defined, Problems } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { type ExplainedLine, explainLines } from '../explain/explain-line.ts';
import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import { writeRenderedTree } from '../manifests/write-rendered-tree.ts';
import type { Promoted } from '../promotion/promote.ts';
import { type RenderAllRequest, type RenderedAll, renderAll } from '../render/render-all.ts';
import { sharedObjects } from '../render/shared-objects.ts';
import { type WaveJob, wavesOf } from '../render/waves.ts';
import type { Repository } from '../repository/repository.ts';
import { containedPrefixes } from '../repository/spawn-prefixes.ts';
import type { Target } from '../values/address-table.ts';
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
  prepared: PreparedRendering,
  { set, explain }: Pick<RenderingRequest, 'set' | 'explain'>,
  surroundings: RenderingSurroundings,
): Promise<RenderedApplication> {
  const { repository, output } = prepared;
  const parts = [
    checkoutPart(prepared, set, surroundings),
    ...prepared.promoted.map(promoted => promotedPart(promoted, prepared, surroundings)),
  ];
  const all = inOrder(await renderParts(parts), prepared.targets);
  const explained = explainLines(
    explain,
    ({ rendered }) => repositoryOf(rendered, prepared),
    all.destinations,
    output,
  );
  const destinations = await writeRenderedTree(output, all.destinations);
  return {
    destinations,
    warnings: [
      ...all.warnings,
      ...sharedObjects(repository, all.destinations),
      ...containedPrefixes(repository.spawning),
    ],
    digest: combinedDigest(destinations.map(({ rendered }) => rendered)),
    waves: wavesOf(repository, destinations),
    explained,
  };
}

/** Targets that are rendered from the same files. */
interface Part {
  readonly repository: Repository;
  readonly request: RenderAllRequest;
  /** Codes of warnings that no one can do anything about. */
  readonly silent: readonly RenderErrorCode[];
}

function checkoutPart(
  { repository, targets, promoted, snapshot, configRevision, sharedRevisions }: PreparedRendering,
  set: RenderingRequest['set'],
  surroundings: RenderingSurroundings,
): Part {
  const others = new Set(promoted.flatMap(part => part.targets));
  const own = targets.filter(target => !others.has(target));
  const known = { targets: own, set, sharedRevisions, tools: surroundings };
  return { repository, request: { ...known, ...defined({ snapshot, configRevision }) }, silent: [] };
}

function promotedPart(
  { repository, targets, files, revision, sharedRevisions }: Promoted,
  { snapshot }: PreparedRendering,
  surroundings: RenderingSurroundings,
): Part {
  const tools = { ...surroundings, files };
  return {
    repository,
    request: { targets, sharedRevisions, configRevision: revision, tools, ...defined({ snapshot }) },
    // An entry of the checkout may be for stencils that are still to come, and one of the commit cannot be changed any more.
    silent: ['value-unused'],
  };
}

/** @throws SlipwayError with the problems of all parts */
async function renderParts(parts: readonly Part[]): Promise<RenderedAll> {
  const problems = new Problems<RenderErrorCode>();
  const found: RenderedAll[] = [];
  for (const { repository, request, silent } of parts) {
    if (request.targets.length === 0 && parts.length > 1) continue;
    await problems.collect(async () => {
      const { destinations, warnings } = await renderAll(repository, request);
      found.push({ destinations, warnings: warnings.filter(({ code }) => !silent.includes(code)) });
    });
  }
  problems.throwIfAny();
  return {
    destinations: found.flatMap(({ destinations }) => destinations),
    warnings: found.flatMap(({ warnings }) => warnings),
  };
}

function inOrder({ destinations, warnings }: RenderedAll, targets: readonly Target[]): RenderedAll {
  const indexOf = ({ rendered }: RenderedDestination): number =>
    targets.findIndex(
      ({ formation, destination }) =>
        formation === rendered.formation && destination === rendered.destination,
    );
  return { destinations: destinations.toSorted((one, other) => indexOf(one) - indexOf(other)), warnings };
}

function repositoryOf({ formation }: Target, { repository, promoted }: PreparedRendering): Repository {
  return (
    promoted.find(part => part.targets.some(target => target.formation === formation))?.repository ??
    repository
  );
}
