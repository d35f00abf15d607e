import { formatProblem, isName } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { readManifests } from '@slipway/render';
import type { Inputs } from './inputs.ts';
import type { Source } from './source.ts';

const DEFAULT_FORMATION = 'default';
const DEFAULT_NAMESPACE = 'default';

/** Ordinary manifests, such as Helm and Kustomize write them: whose they are the inputs say. */
export async function readPlain(inputs: Inputs, runner: Runner): Promise<Source> {
  const { workspace, logger } = runner;
  const { objects, warnings } = await readManifests(inputs.manifests, workspace);
  for (const warning of warnings) logger.warning(formatProblem(warning));
  return {
    identity: plainIdentity(inputs, runner),
    objects,
    seals: [],
    allow: {},
    policies: [],
    packs: [],
  };
}

/** Under which name plain manifests are released: what the inputs say, else the repository's name. */
export function plainIdentity(inputs: Inputs, { context }: Pick<Runner, 'context'>): Source['identity'] {
  return {
    application: isName(inputs.application) ? inputs.application : nameOf(context.repository),
    formation: inputs.formation === '' ? DEFAULT_FORMATION : inputs.formation,
    destination: inputs.destination === '' ? undefined : inputs.destination,
    namespace: inputs.namespace === '' ? DEFAULT_NAMESPACE : inputs.namespace,
  };
}

/** A repository's name may have capitals, dots and underscores, which a DNS label has not. */
function nameOf(repository: string): string {
  const name = repository
    .slice(repository.indexOf('/') + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'application' : name;
}
