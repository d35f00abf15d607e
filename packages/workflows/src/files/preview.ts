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
import { otherLogin, previewEnvironment, previewNames, previewWriting } from '../previews/spawned.ts';
import { indented } from '../text/lines.ts';
import { inExpression, literal } from '../text/yaml.ts';
import { BY_WHOM, type Workflow } from './file.ts';
import { needsOf } from './needs.ts';

const PULL = 'github.event.pull_request';
/** A pull request that gets an instance: one of this repository and of a person, which is not a draft. */
const WELCOME = [
  `${PULL}.head.repo.full_name == github.repository`,
  `!${PULL}.draft`,
  `${PULL}.user.type != 'Bot'`,
];

/** The workflow that gives each pull request with a label an instance, and keeps it up to date. */
export function preview(given: Writing, spawned: SpawnedFormation): Workflow {
  const writing = previewWriting(given, spawned);
  const { label, file, behind } = previewNames(given.application, spawned);
  const permissions = permissionsOf(given, spawned);
  return {
    file,
    name: `Preview${behind}`,
    purpose: `On each pull request with the label ${label}: an environment of its own, built, checked, released and watched; never for a fork, a draft or a bot.`,
    needs: [
      ...needsOf(writing, [asFormation(spawned)], spawned.secrets, 'registry'),
      ...otherLogin(given, spawned),
      `The environment ${spawnedEnvironment(spawned)} admits refs/pull/*/merge and the default branch, and has no reviewers.`,
    ],
    start: {
      // Whoever marks a draft as ready does not change its labels.
      triggers: ['pull_request: { types: [labeled, synchronize, reopened, ready_for_review] }'],
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
          previewEnvironment(writing, spawned),
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

/** The label is there, and was not there already when another one was added. */
function asked(label: string): string[] {
  const text = inExpression(label);
  return [
    `contains(${PULL}.labels.*.name, ${text})`,
    `(github.event.action != 'labeled' || github.event.label.name == ${text})`,
  ];
}

function condition(all: readonly string[]): string[] {
  return ['if: >-', ...indented(all.map((one, index) => (index === 0 ? one : `&& ${one}`)))];
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
