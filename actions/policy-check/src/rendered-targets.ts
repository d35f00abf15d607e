import { join } from 'node:path';
import { type Finding, type KubernetesObject, quote, SlipwayError } from '@slipway/core';
import { NEWEST_KUBERNETES_VERSION } from '@slipway/policy';
import {
  type FormationFile,
  REPORT_FILE,
  type RenderedDestination,
  type Repository,
  readRenderedTree,
} from '@slipway/render';
import type { Baseline, BaselineQuery } from './baseline/baseline.ts';
import { compareWith, withOld } from './baseline/compare-with.ts';
import { openBaseline, renderedBase } from './baseline/open-baseline.ts';
import type { PolicyCheckErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import { type Repositories, readRepositories } from './repositories.ts';
import { blockChanges, ruleChanges } from './rules/changes.ts';
import { formationRules } from './rules/formation-rules.ts';
import { placementFindings } from './rules/placement.ts';
import type { RulesInForce } from './rules/rules.ts';
import type { TargetContext } from './target-context.ts';
import type { Target } from './targets.ts';

/** The destinations of rendered trees, each with the rules of its formation and of the application's policies. */
export async function renderedTargets(trees: readonly string[], context: TargetContext): Promise<Target[]> {
  const repositories = await readRepositories(context);
  const destinations = (await Promise.all(trees.map(readRenderedTree)))
    .flat()
    .filter(({ rendered }) => isWanted(rendered, context.inputs));
  if (destinations.length === 0)
    throw new SlipwayError<PolicyCheckErrorCode>({
      code: 'nothing-to-check',
      message: 'the rendered tree has nothing of the formation and destination that were asked for',
      remedy: 'name those that render-stencil rendered, or leave the inputs out',
    });
  const ofBase = context.base && renderedBase(context.base, repositories.base, context.runner);
  const baseline = await openBaseline(context, { ...repositories, ofBase });
  const surroundings = { ...repositories, ofBase, baseline };
  return await Promise.all(destinations.map(destination => targetOf(destination, surroundings, context)));
}

function isWanted(
  { formation, destination }: { formation: string; destination: string },
  inputs: Inputs,
): boolean {
  const { formations, destinations } = inputs;
  return (
    (formations.length === 0 || formations.includes(formation)) &&
    (destinations.length === 0 || destinations.includes(destination))
  );
}

interface Baselines {
  /** What change policies compare with. */
  readonly baseline: Baseline | undefined;
  /** The base commit, whose Namespaces and parameters count. */
  readonly ofBase: Baseline | undefined;
}

async function targetOf(
  { rendered, objects, directory = '' }: RenderedDestination,
  repositories: Repositories & Baselines,
  context: TargetContext,
): Promise<Target> {
  const { formation, destination, namespace } = rendered;
  const { inputs, runner } = context;
  const { signal } = runner;
  const file = formationOf(formation, repositories.repository);
  const { kubernetes } = file.formation.spec;
  const query = { objects: objects.map(({ object }) => object), namespace, rendered };
  const before = await renderedBefore(repositories.ofBase, query);
  const rules = formationRules(file, namespace, { ...repositories, before }, context);
  const comparison = await compareWith(repositories.baseline, query, rules);
  return {
    name: `${formation}/${destination}`,
    subjects: {
      objects: withOld(objects, comparison.old, namespace),
      kubernetesVersion: inputs.kubernetesVersion ?? kubernetes ?? NEWEST_KUBERNETES_VERSION,
      ...{ namespace, formation, destination, signal },
    },
    rules,
    findings: [
      ...comparison.findings,
      ...placementFindings(objects, namespace, rules),
      ...changesOf(file, rules, repositories.base),
    ],
    reportPath: join(directory, REPORT_FILE),
  };
}

/** A base that cannot be rendered has its rules all the same. */
async function renderedBefore(
  ofBase: Baseline | undefined,
  query: BaselineQuery,
): Promise<KubernetesObject[]> {
  try {
    return [...((await ofBase?.(query))?.values() ?? [])];
  } catch (error) {
    if (error instanceof SlipwayError) return [];
    throw error;
  }
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
  throw new SlipwayError<PolicyCheckErrorCode>({
    code: 'formation-unknown',
    message: `the rendered tree is of formation ${quote(name)}, which application ${quote(repository.application.metadata.name)} does not have`,
    remedy: 'name the application that it was rendered from in the input "application"',
  });
}
