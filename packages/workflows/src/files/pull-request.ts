import { jobLines, type Permission } from '../jobs/job.ts';
import { applicationInput, openingSteps, slipwayStep, type Writing } from '../jobs/steps.ts';
import { BY_WHOM, type Workflow } from './file.ts';

const PERMISSIONS: readonly Permission[] = [
  ['contents', 'read'],
  ['pull-requests', 'write'],
  ['statuses', 'write'],
];

/** The check of a pull request, which a branch rule can require: it runs on each of them, whatever it changes. */
export function pullRequest(writing: Writing): Workflow {
  return {
    file: 'pull-request.yml',
    name: 'Pull request',
    purpose:
      'On each pull request: one comment with what it changes in every environment, and a status to require.',
    needs: ['no secret and no cluster.'],
    start: {
      triggers: [
        'pull_request: { types: [opened, edited, synchronize, reopened] }',
        'pull_request_review:',
        'merge_group:',
      ],
      runName: `${writing.application.name}: pull request \${{ github.event.pull_request.number || github.ref_name }}, ${BY_WHOM}`,
    },
    inputs: [],
    jobs: jobLines(writing, {
      id: 'check',
      permissions: PERMISSIONS,
      fields: [],
      steps: [
        ...openingSteps(writing, 'check', 'none').filter(line => !line.startsWith('# slipway:')),
        ...slipwayStep(writing, { action: 'pull-request', inputs: applicationInput(writing) }),
      ],
    }),
    login: 'none',
    permissions: PERMISSIONS,
  };
}
