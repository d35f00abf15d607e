import type { SpawnedFormation } from '../application/application.ts';
import { asFormation, roomEnvironment } from '../application/spawned.ts';
import { jobLines, type Permission } from '../jobs/job.ts';
import { applicationInput, openingSteps, slipwayStep, type Writing } from '../jobs/steps.ts';
import {
  ASKING,
  asked,
  condition,
  previewEnvironment,
  previewNames,
  previewWriting,
  WELCOME,
} from '../previews/spawned.ts';
import { literal } from '../text/yaml.ts';
import { BY_WHOM, type Workflow } from './file.ts';
import { needsOf } from './needs.ts';

const NO_SECRETS = { variables: [], sops: [], vault: [] };
const PERMISSIONS: readonly Permission[] = [
  ['contents', 'read'],
  ['pull-requests', 'write'],
];
const NUMBER = '${{ github.event.pull_request.number }}';

/**
 * The workflow that makes the namespace of each instance, with a login that no workflow of a pull request gets. It runs the files of the
 * base and checks out nothing of a pull request; the steps have no command of their own.
 */
export function previewRoom(given: Writing, spawned: SpawnedFormation): Workflow {
  const writing = previewWriting(given, spawned);
  const { application } = given;
  const { label, file, roomFile, behind } = previewNames(application, spawned);
  const environment = roomEnvironment(spawned);
  return {
    file: roomFile,
    name: `Room for previews${behind}`,
    purpose: `On each pull request with the label ${label}: the namespace that ${file} deploys into, by the files of the base branch; never for a fork, a draft or a bot.`,
    needs: [
      ...needsOf(writing, [asFormation(spawned, environment)], NO_SECRETS, 'none'),
      `KUBECONFIG there is of the room keeper (examples/roles/spawner.yaml), and the environment admits the default branch only.`,
    ],
    start: {
      triggers: [`pull_request_target: { types: ${ASKING} }`],
      runName: `${application.name}: room for pull request ${NUMBER}, ${BY_WHOM}`,
    },
    inputs: [],
    jobs: jobLines(writing, {
      id: 'room',
      permissions: PERMISSIONS,
      fields: [
        ...condition([...asked(label), ...WELCOME]),
        `concurrency: { group: "${application.name}-${spawned.name}-room-${NUMBER}" }`,
        previewEnvironment(writing, environment),
      ],
      steps: [
        ...openingSteps(writing, 'room', 'none'),
        ...slipwayStep(writing, {
          inputs: [
            'steps: deploy',
            'mode: room',
            'spawn: event',
            `formation: ${literal(spawned.name)}`,
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
