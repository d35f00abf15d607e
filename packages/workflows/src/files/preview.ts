import type { SpawnedFormation } from '../application/application.ts';
import { asFormation, spawnedEnvironment } from '../application/spawned.ts';
import { jobLines, type Permission, packagesPermission, tokenPermission } from '../jobs/job.ts';
import {
  applicationInput,
  openingSteps,
  secretInputs,
  secretVariables,
  slipwayStep,
  type Writing,
} from '../jobs/steps.ts';
import { isLoggedInto } from '../jobs/store-logins.ts';
import {
  ASKING,
  asked,
  condition,
  otherLogin,
  previewEnvironment,
  previewNames,
  previewWriting,
  WELCOME,
} from '../previews/spawned.ts';
import { literal } from '../text/yaml.ts';
import { BY_WHOM, type Workflow } from './file.ts';
import { needsOf } from './needs.ts';

const PULL = 'github.event.pull_request';
/** The workflow that gives each pull request with a label an instance, and keeps it up to date. */
export function preview(given: Writing, spawned: SpawnedFormation): Workflow {
  const writing = previewWriting(given, spawned);
  const { label, file, roomFile, behind } = previewNames(given.application, spawned);
  const permissions = permissionsOf(given, spawned);
  return {
    file,
    name: `Preview${behind}`,
    purpose: `On each pull request with the label ${label}: an environment of its own, built, checked, released and watched; never for a fork, a draft or a bot.`,
    needs: [
      ...needsOf(writing, [asFormation(spawned)], spawned.secrets, 'registry'),
      ...otherLogin(given, spawned),
      `The environment ${spawnedEnvironment(spawned)} admits refs/pull/*/merge and the default branch, and has no reviewers.`,
      ...(spawned.form === 'create'
        ? [
            `KUBECONFIG there is of the tenant, who can make no namespace: ${roomFile} makes those, and the job waits for them.`,
          ]
        : []),
    ],
    start: {
      triggers: [`pull_request: { types: ${ASKING} }`],
      runName: `${given.application.name}: preview of pull request \${{ ${PULL}.number }}, ${BY_WHOM}`,
    },
    inputs: [],
    jobs: [
      ...jobLines(writing, {
        id: 'preview',
        permissions,
        fields: [
          ...condition([...asked(label), ...WELCOME]),
          // A run that is on its way is not cut off; of those that wait, only the newest stays.
          `concurrency: { group: "${given.application.name}-${spawned.name}-\${{ ${PULL}.number }}" }`,
          previewEnvironment(writing, spawnedEnvironment(spawned)),
        ],
        steps: [...openingSteps(writing, 'preview', 'registry'), ...spawnStep(writing, spawned)],
      }),
      ...jobLines(writing, {
        id: 'none',
        permissions: [],
        fields: condition([...asked(label), `!(${WELCOME.join(' && ')})`]),
        steps: ['- run: echo "::notice::no environment, as none is made for a fork, a draft or a bot"'],
      }),
    ],
    login: 'registry',
    permissions,
  };
}

/** The record of each instance and its comment are Slipway's own. Where images are only read from GitHub's registry, pushing is not allowed. */
function permissionsOf(given: Writing, spawned: SpawnedFormation): Permission[] {
  const pushed = packagesPermission(previewWriting(given, spawned), 'write');
  return [
    ['contents', 'read'],
    ['pull-requests', 'write'],
    ['deployments', 'write'],
    ...(pushed.length > 0 ? pushed : packagesPermission(given, 'read')),
    ...tokenPermission(given.settings, isLoggedInto(spawned.secrets) ? 'write' : 'none'),
  ];
}

function spawnStep(writing: Writing, { name, secrets }: SpawnedFormation): string[] {
  return slipwayStep(writing, {
    inputs: [
      'steps: build, render, check, deploy, verify',
      'spawn: event',
      `formation: ${literal(name)}`,
      'kubeconfig: ${{ secrets.KUBECONFIG }}',
      ...applicationInput(writing),
      ...secretInputs(secrets),
    ],
    variables: secretVariables(secrets),
  });
}
