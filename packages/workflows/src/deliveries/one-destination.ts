import { destinationsOf, type Formation, secretsOf } from '../application/application.ts';
import { environmentField } from '../jobs/environment.ts';
import { deployingPermissions, type Job } from '../jobs/job.ts';
import { type Inputs, openingSteps, slipwayStep, type Writing } from '../jobs/steps.ts';
import { decisionJobs, MAY_WAIT, startingJob, steppedWriting } from '../steps/decision-jobs.ts';
import { mayWait, stagesOf } from '../steps/stages.ts';
import { literal } from '../text/yaml.ts';
import type { Delivery } from './delivery.ts';
import { carried, concurrency, deployStep } from './deploying.ts';
import { conditionOf, prepareInputs } from './prepare.ts';

/** One job for all of it, where no one approves what it does. */
export function onlyJob(writing: Writing, delivery: Delivery, formation: Formation): Job {
  const job = deployingJob(writing, delivery, formation, {
    snapshot: 'steps.prepare.outputs.snapshot',
    digest: 'steps.prepare.outputs.digest',
  });
  const prepare = slipwayStep(writing, { id: 'prepare', inputs: prepareInputs(writing, delivery) });
  return {
    ...job,
    fields: [...conditionOf(delivery), ...job.fields],
    steps: [...openingSteps(writing, delivery.name, 'registry'), ...prepare, ...job.steps],
  };
}

/** The job in the environment, behind the one that showed what it will do. */
export function plannedJob(writing: Writing, delivery: Delivery, formation: Formation): Job {
  const outputs = 'needs.prepare.outputs';
  const job = deployingJob(writing, delivery, formation, {
    snapshot: carried(`${outputs}.tag`),
    digest: carried(`${outputs}.digest`),
    plannedFrom: carried(`${outputs}.planned-from`),
  });
  return {
    ...job,
    fields: ['needs: prepare', ...job.fields],
    steps: [...openingSteps(writing, delivery.name, 'registry'), ...job.steps],
  };
}

/** What a person may say of what is deployed. */
function saidOf({ said, adoption }: Delivery): Pick<Delivery, 'said' | 'adoption'> {
  return { said, adoption };
}

/** Expressions for what was prepared. */
interface Prepared {
  readonly snapshot: string;
  readonly digest: string;
  readonly plannedFrom?: string;
}

function deployingJob(
  given: Writing,
  delivery: Delivery,
  formation: Formation,
  { snapshot, digest, ...planned }: Prepared,
): Job {
  const waits = mayWait(formation);
  const writing = waits ? steppedWriting(given) : given;
  const secrets = secretsOf([formation]);
  // The only destination is the default, and expected-waves fails once there is another one.
  const [{ name = '', environment = undefined } = {}] = destinationsOf(formation);
  const what: Inputs = [
    `snapshot: \${{ ${snapshot} }}`,
    `digest: \${{ ${digest} }}`,
    `formation: ${literal(formation.name)}`,
  ];
  const more = waits ? MAY_WAIT : [];
  const job: Job = {
    id: delivery.name,
    permissions: deployingPermissions(writing, secrets),
    fields: [
      ...concurrency(writing, delivery, `${formation.name}-${name}`),
      ...(environment === undefined ? [] : environmentField(writing, literal(environment))),
    ],
    steps: slipwayStep(
      writing,
      deployStep(writing, { what, secrets, ...saidOf(delivery), ...planned, more }),
    ),
  };
  return waits ? startingJob(writing, job, [formation]) : job;
}

/** The jobs behind the one that deploys, where a release may wait for a decision. */
export function decidingJobs(writing: Writing, delivery: Delivery, formation: Formation): string[] {
  const [{ environment = '' } = {}] = destinationsOf(formation);
  return decisionJobs(writing, {
    stages: stagesOf([formation], delivery.name),
    formations: [formation],
    target: [`formation: ${literal(formation.name)}`],
    environment: behind => literal(`${environment}${behind}`),
  });
}
