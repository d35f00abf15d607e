import type { SpawnedFormation } from '../application/application.ts';
import { asFormation, roomEnvironment, spawnedEnvironment } from '../application/spawned.ts';
import { jobLines, type Permission } from '../jobs/job.ts';
import { applicationInput, openingSteps, slipwayStep, type Writing } from '../jobs/steps.ts';
import { previewEnvironment, previewNames, previewWriting } from '../previews/spawned.ts';
import { literal } from '../text/yaml.ts';
import { BY_WHOM, type Workflow } from './file.ts';
import { needsOf } from './needs.ts';

const NO_SECRETS = { variables: [], sops: [], vault: [] };
/** Once an hour in UTC, and not at the full hour, when GitHub starts many. */
const HOURLY = '37 * * * *';
const PERMISSIONS: readonly Permission[] = [
  ['contents', 'read'],
  ['pull-requests', 'write'],
  ['deployments', 'write'],
];

/**
 * The workflow that removes instances. Every run looks at all of them, as GitHub does not start one for each pull request that is closed; by
 * hand also one instance goes. It checks out the base, and nothing of a pull request.
 */
export function previewEnd(given: Writing, spawned: SpawnedFormation): Workflow {
  const writing = previewWriting(given, spawned);
  const { application } = given;
  const { endFile, behind } = previewNames(application, spawned);
  // Whoever makes namespaces removes them.
  const environment = spawned.form === 'create' ? roomEnvironment(spawned) : spawnedEnvironment(spawned);
  return {
    file: endFile,
    name: `End of previews${behind}`,
    purpose:
      'Each hour, when a pull request is closed, or by hand: environments whose pull request is closed or whose time is over are removed; by hand also one of them.',
    needs: needsOf(writing, [asFormation(spawned, environment)], NO_SECRETS, 'none'),
    start: {
      triggers: ['pull_request_target: { types: [closed] }', `schedule: [{ cron: "${HOURLY}" }]`],
      runName: `${application.name}: end of previews \${{ inputs.spawn }}, ${BY_WHOM}`,
    },
    inputs: [
      {
        name: 'spawn',
        description:
          'The number of a pull request, or a branch, whose environment goes; empty for all whose time has come.',
      },
      {
        name: 'confirm',
        description: `${application.name}/${spawned.name}-<key> for one of them, or ${application.name}/${spawned.name} for a sweep that was refused.`,
      },
      { name: 'reason', description: 'Why; it is recorded.' },
    ],
    jobs: jobLines(writing, {
      id: 'end',
      permissions: PERMISSIONS,
      fields: [
        "if: github.event_name != 'pull_request_target' || github.event.pull_request.head.repo.full_name == github.repository",
        // Two sweeps would look at the same; one instance does not wait for them, nor gives way to them.
        `concurrency: { group: "${application.name}-${spawned.name}-end-\${{ inputs.spawn }}" }`,
        previewEnvironment(writing, environment),
      ],
      steps: [
        ...openingSteps(writing, 'end', 'none'),
        ...slipwayStep(writing, {
          inputs: [
            'steps: deploy',
            "mode: ${{ inputs.spawn && 'destroy' || 'sweep' }}",
            'spawn: ${{ inputs.spawn }}',
            `formation: ${literal(spawned.name)}`,
            'confirm: ${{ inputs.confirm }}',
            'reason: ${{ inputs.reason }}',
            'kubeconfig: ${{ secrets.KUBECONFIG }}',
            ...applicationInput(writing),
          ],
        }),
      ],
    }),
    login: 'none',
    permissions: PERMISSIONS,
  };
}
