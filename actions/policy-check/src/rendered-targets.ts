import { join } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import { NEWEST_KUBERNETES_VERSION } from '@slipway/policy';
import {
  type FormationFile,
  REPORT_FILE,
  type RenderedDestination,
  type Repository,
  readRenderedTree,
} from '@slipway/render';
import type { PolicyCheckErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';
import { type Repositories, readRepositories } from './repositories.ts';
import { blockChanges, ruleChanges } from './rules/changes.ts';
import { formationRules } from './rules/formation-rules.ts';
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
  return destinations.map(destination => targetOf(destination, repositories, context));
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

function targetOf(
  { rendered, objects, directory = '' }: RenderedDestination,
  repositories: Repositories,
  context: TargetContext,
): Target {
  const { formation, destination, namespace } = rendered;
  const { inputs, runner } = context;
  const { signal } = runner;
  const file = formationOf(formation, repositories.repository);
  const { kubernetes } = file.formation.spec;
  const rules = formationRules(file, namespace, repositories, context);
  const { base } = repositories;
  return {
    name: `${formation}/${destination}`,
    subjects: {
      objects,
      kubernetesVersion: inputs.kubernetesVersion ?? kubernetes ?? NEWEST_KUBERNETES_VERSION,
      ...{ namespace, formation, destination, signal },
    },
    rules,
    findings:
      base === undefined || rules.base === undefined
        ? []
        : [...ruleChanges(rules.own, rules.base), ...blockChanges(file, base.formations.get(formation))],
    reportPath: join(directory, REPORT_FILE),
  };
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
