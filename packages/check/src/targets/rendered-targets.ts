import { join } from 'node:path';
import { defined, type Finding, quote, type Rendered, SlipwayError } from '@slipway/core';
import { NEWEST_KUBERNETES_VERSION, spawnedFindings } from '@slipway/policy';
import {
  type FormationFile,
  REPORT_FILE,
  type RenderedDestination,
  type Repository,
  readRenderedTree,
} from '@slipway/render';
import type { CheckErrorCode } from '../error-codes.ts';
import { type Baselines, compare, readBefore, withOld } from '../old-objects/compare-with.ts';
import { openBaseline, renderedBase } from '../old-objects/open-baseline.ts';
import type { CheckManifestsRequest } from '../request/request.ts';
import { blockChanges, ruleChanges } from '../rules/changes.ts';
import { comparisonFindings } from '../rules/comparisons.ts';
import { formationRules } from '../rules/formation-rules.ts';
import { imageFindings } from '../rules/images.ts';
import { placementFindings } from '../rules/placement.ts';
import type { RulesInForce } from '../rules/rules.ts';
import { type Neighbour, neighboursOf, stepsFindings } from '../rules/steps.ts';
import { removedTargets } from './removed-targets.ts';
import { type Repositories, readRepositories } from './repositories.ts';
import type { Target, TargetContext, Targets } from './target.ts';

/** The targets of rendered trees, each with the rules of its formation and the application's policies. */
export async function renderedTargets(trees: readonly string[], context: TargetContext): Promise<Targets> {
  const repositories = await readRepositories(context);
  const destinations = (await Promise.all(trees.map(readRenderedTree)))
    .flat()
    .filter(({ rendered }) => isWanted(rendered, context.request, repositories.repository));
  if (destinations.length === 0)
    throw new SlipwayError<CheckErrorCode>({
      code: 'nothing-to-check',
      message: 'the rendered tree does not contain any of the requested formations and destinations',
      remedy: 'name formations and destinations that render-stencil rendered, or omit these inputs',
    });
  const ofBase = context.base && renderedBase(context.base, repositories.base, context.surroundings);
  const baseline = await openBaseline(context, { ...repositories, ofBase });
  const places = destinations.map(destination => placeOf(destination, repositories.repository));
  const known = { ...repositories, ofBase, baseline, places };
  return {
    targets: await Promise.all(destinations.map(destination => targetOf(destination, known, context))),
    removed: () => removedTargets(known, context.request),
    ...defined({ base: repositories.base }),
  };
}

/** A target with its namespace and what is said of its cluster. */
type Place = Neighbour & { readonly place: string };

function placeOf({ rendered, objects }: RenderedDestination, { formations }: Repository): Place {
  const { formation, destination, namespace } = rendered;
  const { cluster, context } = formations.get(formation)?.spec.destinations[destination] ?? {};
  const place = JSON.stringify([cluster?.server ?? context ?? '', namespace]);
  return { name: `${formation}/${destination}`, objects, place };
}

function isWanted(
  { formation, destination }: Rendered,
  { formations, destinations, spawn }: CheckManifestsRequest,
  { spawned }: Repository,
): boolean {
  const isNamed = spawn === undefined ? formations.includes(formation) : spawned?.has(formation) === true;
  return (
    ((spawn === undefined && formations.length === 0) || isNamed) &&
    (destinations.length === 0 || destinations.includes(destination))
  );
}

async function targetOf(
  { rendered, objects, directory = '' }: RenderedDestination,
  repositories: Repositories & Baselines & { readonly places: readonly Place[] },
  context: TargetContext,
): Promise<Target> {
  const { formation, destination, namespace } = rendered;
  const { request, surroundings, requested } = context;
  const { signal } = surroundings;
  const file = formationOf(formation, repositories.repository);
  const { kubernetes } = file.formation.spec;
  const query = { objects: objects.map(({ object }) => object), namespace, rendered };
  const before = await readBefore(repositories.ofBase, query);
  const rules = formationRules(
    file,
    namespace,
    { ...repositories, before: [...(before?.values() ?? [])] },
    requested,
  );
  const comparison = await compare(repositories, request.baseline, query, rules);
  return {
    name: `${formation}/${destination}`,
    subjects: {
      objects: withOld(objects, comparison.old, namespace),
      kubernetesVersion: request.kubernetesVersion ?? kubernetes ?? NEWEST_KUBERNETES_VERSION,
      ...{ namespace, formation, destination, signal },
      ...defined({ before: comparison.before }),
    },
    rules,
    ...defined({ before }),
    findings: [
      ...comparison.findings,
      ...placementFindings(objects, namespace, rules),
      ...imageFindings(objects, rendered, repositories.repository.application),
      ...spawnedIn(repositories.repository, formation, objects),
      ...stepsFindings(objects, file, neighboursOf(`${formation}/${destination}`, repositories.places)),
      ...comparisonFindings(file, objects),
      ...changesOf(file, rules, repositories.base),
    ].map(finding => ({ ...finding, formation, destination })),
    reportPath: join(directory, REPORT_FILE),
  };
}

function spawnedIn(
  { spawned }: Repository,
  formation: string,
  objects: RenderedDestination['objects'],
): Finding[] {
  const instance = spawned?.get(formation);
  return instance === undefined ? [] : spawnedFindings(objects, instance.block);
}

function changesOf(
  file: FormationFile,
  { own, base }: RulesInForce,
  before: Repository | undefined,
): Finding[] {
  if (before === undefined || base === undefined) return [];
  const { name } = file.formation.metadata;
  return [...ruleChanges(own, base), ...blockChanges(file, before.formations.get(name))];
}

function formationOf(name: string, repository: Repository): FormationFile {
  const file = repository.formationFiles.get(name);
  if (file !== undefined) return file;
  throw new SlipwayError<CheckErrorCode>({
    code: 'formation-unknown',
    message: `the rendered tree was made from formation ${quote(name)}, which application ${quote(repository.application.metadata.name)} does not have`,
    remedy: 'set the input "application" to the application that it was rendered from',
  });
}
