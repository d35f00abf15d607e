import { join } from 'node:path';
import { type Formation, isKubernetesObject, quote, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { NEWEST_KUBERNETES_VERSION } from '@slipway/policy';
import {
  REPORT_FILE,
  type RenderedDestination,
  type Repository,
  readRenderedTree,
  readRepository,
} from '@slipway/render';
import type { PolicyCheckErrorCode } from './error-codes.ts';
import type { ExtraRules } from './extra-rules.ts';
import type { Inputs } from './inputs.ts';
import type { Target } from './targets.ts';

/** The destinations of rendered trees, each with the rules of its formation and of the application's policies. */
export async function renderedTargets(
  trees: readonly string[],
  inputs: Inputs,
  extra: ExtraRules,
  runner: Runner,
): Promise<Target[]> {
  const repository = await readRepository({ workspace: runner.workspace, application: inputs.application });
  const destinations = (await Promise.all(trees.map(readRenderedTree)))
    .flat()
    .filter(({ rendered }) => isWanted(rendered, inputs));
  if (destinations.length === 0)
    throw new SlipwayError<PolicyCheckErrorCode>({
      code: 'nothing-to-check',
      message: 'the rendered tree has nothing of the formation and destination that were asked for',
      remedy: 'name those that render-stencil rendered, or leave the inputs out',
    });
  return destinations.map(destination => targetOf(destination, repository, inputs, extra, runner.signal));
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
  repository: Repository,
  inputs: Inputs,
  extra: ExtraRules,
  signal: AbortSignal,
): Target {
  const { formation, destination, namespace } = rendered;
  const { spec } = formationOf(formation, repository);
  return {
    name: `${formation}/${destination}`,
    request: {
      objects,
      policies: [...repository.policies, ...extra.policies],
      waivers: extra.waivers,
      packs: [...new Set([...(spec.policies?.packs ?? []), ...inputs.packs])],
      kubernetesVersion: inputs.kubernetesVersion ?? spec.kubernetes ?? NEWEST_KUBERNETES_VERSION,
      customResources: [
        ...repository.crds.map(({ value }) => value).filter(isKubernetesObject),
        ...extra.customResources,
      ],
      ...{ namespace, formation, destination, signal },
    },
    findings: [],
    reportPath: join(directory, REPORT_FILE),
  };
}

function formationOf(name: string, repository: Repository): Formation {
  const formation = repository.formations.get(name);
  if (formation !== undefined) return formation;
  throw new SlipwayError<PolicyCheckErrorCode>({
    code: 'formation-unknown',
    message: `the rendered tree is of formation ${quote(name)}, which application ${quote(repository.application.metadata.name)} does not have`,
    remedy: 'name the application that it was rendered from in the input "application"',
  });
}
