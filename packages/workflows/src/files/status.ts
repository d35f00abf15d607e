import { jobLines, type Permission, packagesPermission } from '../jobs/job.ts';
import { takesJobToken } from '../jobs/login.ts';
import { commonInputs, openingSteps, slipwayStep, type Writing } from '../jobs/steps.ts';
import { indented } from '../text/lines.ts';
import { BY_WHOM, type Workflow } from './file.ts';

/** To compare what is live with what passed, in the registry and on GitHub. */
const PERMISSIONS: readonly Permission[] = [
  ['contents', 'read'],
  ['pull-requests', 'read'],
  // One issue is kept open while something is wrong: without a person who looks each day, no one would see it.
  ['issues', 'write'],
];
/** Working days in UTC, and not at the full hour, when GitHub starts many. */
const DAILY = '17 6 * * 1-5';
const UPLOAD = 'actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2';

/**
 * The workflow that looks at every destination, in one job without an environment: one with reviewers would ask them each time, and reading
 * needs credentials that can do nothing else.
 */
export function status(writing: Writing): Workflow {
  const { application, settings } = writing;
  const permissions = [...PERMISSIONS, ...packagesPermission(writing, 'read')];
  const inputs = [
    'mode: status',
    'issue: attention',
    'kubeconfig: ${{ secrets.VIEWER_KUBECONFIG }}',
    ...commonInputs(writing),
  ];
  return {
    file: 'status.yml',
    name: 'Status',
    purpose:
      'On working days, or by hand: what runs at every destination, whether it is healthy, and what others changed; one issue is open while something is wrong.',
    needs: [
      'VIEWER_KUBECONFIG as a secret of the repository: a kubeconfig with a context for each cluster, whose users may only read (docs/status.md of Slipway).',
      ...(settings.signing === 'none' ? [] : ['RECORD_KEY as a secret of the repository.']),
      ...(takesJobToken(application.registry, settings.target)
        ? []
        : ['The variable REGISTRY_USER and the secret REGISTRY_TOKEN, or a login of your own.']),
    ],
    start: {
      triggers: [`schedule: [{ cron: "${DAILY}" }]`, 'workflow_dispatch:'],
      runName: `${application.name}: status, ${BY_WHOM}`,
    },
    inputs: [],
    jobs: jobLines(writing, {
      id: 'status',
      permissions,
      fields: [],
      steps: [
        ...openingSteps(writing, 'status', 'registry'),
        ...slipwayStep(writing, { id: 'status', action: 'deploy', inputs }),
        ...(settings.target === 'github' ? upload() : []),
      ],
    }),
    login: 'registry',
    permissions,
  };
}

/** Enterprise Server does not run the action of today; there the summary has it all. */
function upload(): string[] {
  return [
    '- if: ${{ !cancelled() && steps.status.outputs.status-page }}',
    ...indented([
      `uses: ${UPLOAD}`,
      'with:',
      '  name: status',
      '  path: |',
      '    ${{ steps.status.outputs.status }}',
      '    ${{ steps.status.outputs.status-page }}',
    ]),
  ];
}
