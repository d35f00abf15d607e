import { join } from 'node:path';
import type { Runner } from '@slipway/github';
import { findingOfProblem, NEWEST_KUBERNETES_VERSION } from '@slipway/policy';
import { REPORT_FILE, readManifests } from '@slipway/render';
import type { ExtraRules } from './extra-rules.ts';
import type { Inputs } from './inputs.ts';
import type { Target } from './targets.ts';

/** Manifests that Slipway did not render, such as Helm's: checked by what the inputs say, and by that alone. */
export async function plainTarget(
  paths: readonly string[],
  inputs: Inputs,
  extra: ExtraRules,
  { workspace, temporaryDirectory, signal }: Runner,
): Promise<Target> {
  const { objects, warnings } = await readManifests(paths, workspace);
  return {
    name: 'manifests',
    request: {
      objects,
      ...extra,
      packs: inputs.packs,
      namespace: inputs.namespace,
      kubernetesVersion: inputs.kubernetesVersion ?? NEWEST_KUBERNETES_VERSION,
      signal,
    },
    findings: warnings.map(warning => findingOfProblem(warning, 'schema/duplicate-key', 'warning')),
    reportPath: join(temporaryDirectory, 'slipway', REPORT_FILE),
  };
}
