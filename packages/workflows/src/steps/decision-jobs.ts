import { type Formation, secretsOf } from '../application/application.ts';
import { deploymentInputs, environmentField } from '../jobs/environment.ts';
import {
  deployingPermissions,
  deploymentsPermission,
  type Job,
  jobLines,
  type Permission,
  packagesPermission,
  tokenPermission,
} from '../jobs/job.ts';
import { clusterInputs, type Inputs, openingSteps, slipwayStep, type Writing } from '../jobs/steps.ts';
import { expression, flowMap, literal } from '../text/yaml.ts';
import {
  isAtPause,
  isUncommitted,
  isUndecided,
  jobBefore,
  lastPause,
  mayWait,
  pauseAfter,
  type Stages,
} from './stages.ts';

/** What the jobs that follow the start of a release are about. */
export interface Stepped {
  readonly stages: Stages;
  readonly formations: readonly Formation[];
  /** The inputs that name the formation and its destination. */
  readonly target: Inputs;
  /** The environment of the destination as a text of YAML with something behind it, such as `-decide`. */
  environment(behind: string): string;
}

/**
 * GitHub would call it deployed at a share of 20 %, so the record of the deployment is Slipway's, at the end. A server that does not know
 * `deployment: false` has GitHub's.
 */
export function steppedWriting({ application, settings }: Writing): Writing {
  const deployments = settings.target === 'github' ? 'exact' : settings.deployments;
  return { application, settings: { ...settings, deployments } };
}

/** What a job may do that decides: read who approved, keep the record of the deployment, and an issue while it waits. */
export function decidingPermissions(writing: Writing, formations: readonly Formation[]): Permission[] {
  const notifies = formations.some(({ steps }) => steps?.notifies === true);
  return [
    ['contents', 'read'],
    ['actions', 'read'],
    ...packagesPermission(writing, 'write'),
    ...deploymentsPermission(writing.settings),
    ...(notifies ? ([['issues', 'write']] as const) : []),
    ...tokenPermission(writing.settings),
  ];
}

/** What the job may do that starts the release: what a release needs, and what those behind it do. */
export function startingPermissions(given: Writing, formations: readonly Formation[]): Permission[] {
  const writing = steppedWriting(given);
  const own = deployingPermissions(writing, secretsOf(formations));
  const known = new Set(own.map(([scope]) => scope));
  return [...own, ...decidingPermissions(writing, formations).filter(([scope]) => !known.has(scope))];
}

/** The job that starts the release, which ends while that waits. */
export function startingJob(writing: Writing, job: Job, formations: readonly Formation[]): Job {
  return {
    ...job,
    permissions: startingPermissions(writing, formations),
    fields: [...job.fields, `outputs: ${outputs('deploy', ['release', 'waiting-for'], 'verify-verdict')}`],
  };
}

/** The step that starts it is told that it may end while the release waits. */
export const MAY_WAIT: Inputs = ['may-wait: true'];

/** The jobs behind that: one for each pause, in an environment that asks for the decision, and one that takes the release back. */
export function decisionJobs(given: Writing, stepped: Stepped): string[] {
  const writing = steppedWriting(given);
  const { deciding } = stepped.stages;
  if (deciding.length === 0) return [];
  const jobs = [
    ...deciding.map((_, index) => decidingJob(writing, stepped, index)),
    undoJob(writing, stepped),
  ];
  return jobs.flatMap(job => jobLines(writing, job));
}

function decidingJob(writing: Writing, stepped: Stepped, index: number): Job {
  const { stages, formations } = stepped;
  const before = jobBefore(stages, index);
  const id = stages.deciding[index] ?? '';
  const isLast = index === stages.deciding.length - 1;
  const waits = isLast ? formations.some(({ steps }) => steps?.outlasts) : formations.some(mayWait);
  const pause = pauseAfter(stages, before);
  return {
    id,
    permissions: decidingPermissions(writing, formations),
    fields: [
      before === stages.start ? `needs: ${before}` : `needs: [${stages.start}, ${before}]`,
      `if: ${isAtPause(stages, before)}`,
      ...environmentField(writing, stepped.environment('-decide')),
      `outputs: ${outputs(id, ['waiting-for'], 'verdict')}`,
    ],
    steps: [
      ...openingSteps(writing, id, 'registry'),
      ...slipwayStep(writing, {
        id,
        action: 'verify-rollout',
        inputs: [
          ...releaseInput(stages),
          `decision: continue ${pause.startsWith("'") ? pause.slice(1, -1) : `\${{ ${pause} }}`}`,
          ...(waits ? MAY_WAIT : []),
          ...stepped.target,
          ...clusterInputs(writing),
          ...deploymentInputs(writing),
        ],
      }),
    ],
  };
}

function undoJob(writing: Writing, stepped: Stepped): Job {
  const { stages, formations } = stepped;
  const pause = lastPause(stages);
  return {
    id: 'undo',
    permissions: decidingPermissions(writing, formations),
    fields: [
      `needs: [${[stages.start, ...stages.deciding].join(', ')}]`,
      // Also after the run was cancelled while it waited for the decision.
      `if: \${{ always() && ${isUndecided(stages)} }}`,
      ...environmentField(writing, stepped.environment('-home')),
    ],
    steps: [
      ...openingSteps(writing, 'undo', 'registry'),
      ...slipwayStep(writing, {
        action: 'verify-rollout',
        inputs: [
          ...releaseInput(stages),
          'decision: reject',
          `if-waiting-for: ${/^'[^']*'$/.test(pause) ? literal(pause.slice(1, -1)) : `\${{ ${pause} }}`}`,
          'reason: not approved',
          ...stepped.target,
          ...clusterInputs(writing),
          ...deploymentInputs(writing),
        ],
      }),
    ],
  };
}

/** A job that fails where the release is still open, so that no later wave begins before this one is committed. */
export function committedJob(writing: Writing, stages: Stages): string[] {
  return jobLines(writing, {
    id: 'committed',
    permissions: [],
    fields: [
      `needs: [${[stages.start, ...stages.deciding].join(', ')}]`,
      `if: \${{ !cancelled() && ${isUncommitted(stages)} }}`,
    ],
    steps: [
      '- run: |',
      '    echo "::error::The release is not committed, so no later wave begins: start this workflow again once it is."',
      '    exit 1',
    ],
  });
}

function releaseInput({ start }: Stages): Inputs {
  return [`release: \${{ needs.${start}.outputs.release || 'dropped-by-github' }}`];
}

function outputs(step: string, names: readonly string[], verdict: string): string {
  return flowMap(
    [...names.map(name => [name, name] as const), ['verdict', verdict] as const].map(([name, output]) => [
      name,
      expression(`steps.${step}.outputs.${output}`),
    ]),
  );
}
