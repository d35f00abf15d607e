import { type Problem, Problems, quote, SlipwayError, type Snapshot, throwIfAny } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import type { Repository } from '../repository/repository.ts';
import { type ForeignManifests, SourceReader } from '../sources/read-sources.ts';
import type { SourceTools } from '../sources/tools.ts';
import type { Target } from '../values/address-table.ts';
import { mixedSources } from '../words/mixed-sources.ts';
import { resolverFor } from '../words/resolver-for.ts';
import { distinctProblems } from '../words/target-problem.ts';
import { unusedEntries, unusedOverrides, usedWords } from '../words/used-words.ts';
import { namespaceOf } from '../words/word-resolver.ts';
import { render } from './render.ts';

export interface RenderAllRequest {
  readonly targets: readonly Target[];
  readonly snapshot?: Snapshot;
  readonly set?: Readonly<Record<string, string>>;
  readonly configRevision?: string;
  /** The commits of shared folders that are checkouts themselves, by folder. */
  readonly sharedRevisions?: Readonly<Record<string, string>>;
  /** For formations with sources, whose manifests other tools write. */
  readonly tools?: SourceTools;
}

export interface RenderedAll {
  readonly destinations: readonly RenderedDestination[];
  /** Those of all destinations, each once. */
  readonly warnings: readonly Problem<RenderErrorCode>[];
}

/** @throws SlipwayError with the problems of all destinations, each once */
export async function renderAll(repository: Repository, request: RenderAllRequest): Promise<RenderedAll> {
  const { targets, tools, ...options } = request;
  const problems = new Problems<RenderErrorCode>();
  checkSnapshot(repository, request.snapshot);
  const sources = await readSources(repository, request, problems);
  const foreign = [...sources.values()].flatMap(({ manifests }) =>
    manifests.flatMap(({ words = [] }) => words),
  );
  const used = usedWords(repository, foreign);
  for (const problem of unusedOverrides(request.set ?? {}, used)) problems.add(problem);
  const destinations: RenderedDestination[] = [];
  for (const target of targets) {
    const found = sources.get(target);
    for (const problem of mixedSources(repository, target, used)) problems.add(problem);
    if (found === undefined) continue;
    const rendered = await problems.collect(() =>
      render(repository, { ...options, ...target, foreign: found }),
    );
    if (rendered !== undefined) destinations.push(rendered);
  }
  throwIfAny<RenderErrorCode>(distinctProblems(problems.found));
  const warnings = [
    ...unusedEntries(repository, used),
    ...destinations.flatMap(destination => destination.warnings),
  ];
  return { destinations, warnings: distinctProblems(warnings) };
}

/** The manifests that other tools write for each target; a target with a problem has none. */
async function readSources(
  repository: Repository,
  { targets, tools, ...options }: RenderAllRequest,
  problems: Problems<RenderErrorCode>,
): Promise<ReadonlyMap<Target, ForeignManifests>> {
  const reader = new SourceReader(tools);
  const sources = new Map<Target, ForeignManifests>();
  for (const target of targets) {
    const file = repository.formationFiles.get(target.formation);
    if (file === undefined) continue;
    const resolver = resolverFor(repository, { ...options, ...target });
    const { directory } = repository;
    const of = { file, directory, namespace: namespaceOf(repository, target) };
    const found = await problems.collect(() => reader.read(of, resolver));
    if (found !== undefined) sources.set(target, found);
  }
  return sources;
}

function checkSnapshot({ application }: Repository, snapshot: Snapshot | undefined): void {
  if (snapshot === undefined || snapshot.application === application.metadata.name) return;
  throw new SlipwayError<RenderErrorCode>({
    code: 'snapshot-foreign',
    message: `the snapshot ${quote(snapshot.deploymentTag)} is of the application ${quote(snapshot.application)}`,
    remedy: `use a snapshot of ${quote(application.metadata.name)}`,
  });
}
