import { API_VERSION, quote, type Setup, SlipwayError } from '@slipway/core';
import { readRepository } from '@slipway/render';
import { workflowFiles } from '@slipway/workflows';
import type { Arguments } from '../command-line/arguments.ts';
import type { ExitCode } from '../command-line/command.ts';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { checkAnswering } from '../outside/answering.ts';
import { findRepository, nameOf } from '../outside/github-repository.ts';
import { shellCommand, shellComment } from '../outside/shell.ts';
import { placeFlags } from '../rendering/target-flags.ts';
import { findWorkspace, type Workspace } from '../rendering/workspace.ts';
import { say, sayJson } from '../tell/say.ts';
import { describeApplication } from '../workflows/describe.ts';
import { releasedBranch } from '../workflows/released-branch.ts';
import { applySteps } from './apply-setup.ts';
import { arrangeScopes, type Reached } from './arrange.ts';
import { readChoices, type SetupChoices } from './choices.ts';
import { checkContextFlags, chooseContext, readContexts } from './contexts.ts';
import { planSteps, remarksOn, type SetupPlan } from './plan-steps.ts';
import { checkRepository } from './preflight.ts';
import { printScript } from './print-setup.ts';
import type { Step } from './step.ts';
import { targetsOf } from './targets.ts';
import { sayHalf, sayNext, sayStep } from './tell-setup.ts';

/** Prints or runs what formations need in their clusters and on GitHub before the first release. */
export async function setupCommand(given: Arguments, machine: Machine): Promise<ExitCode> {
  const workspace = await findWorkspace(given, machine);
  const path = workspace.pathOf(given.text('application') ?? 'slipway.yaml');
  const choices = readChoices(given, await releasedBranch(workspace.folder, path));
  const plan = await readPlan(given, choices, workspace, machine);
  const steps = planSteps(plan, machine);
  for (const remark of remarksOn(plan)) say(machine.errors, `warning: ${remark}`, 'warning');
  return choices.mode === 'print'
    ? printPlan(given, plan, steps, machine)
    : await applyPlan(given, plan, steps, machine);
}

async function readPlan(
  given: Arguments,
  choices: SetupChoices,
  { folder, pathOf }: Workspace,
  machine: Machine,
): Promise<SetupPlan> {
  const path = pathOf(given.text('application') ?? 'slipway.yaml');
  const read = await readRepository({ workspace: folder, application: path });
  const targets = targetsOf(read, choices.formations);
  // Names that no workflow can have are refused where they are written into commands, too.
  workflowFiles(
    await describeApplication(folder, path),
    choices.purpose.branch === undefined ? { branch: choices.branch } : {},
  );
  const repository = await findRepository(given.text('repo'), folder, machine);
  const contexts = await readContexts(machine);
  checkContextFlags(targets, contexts, choices.contexts);
  const reached: Reached[] = targets.map(target => ({
    ...target,
    context: chooseContext(target, contexts, choices.contexts),
  }));
  return {
    application: read.application.metadata.name,
    repository,
    scopes: arrangeScopes(read, reached, choices.purpose),
    choices,
  };
}

function printPlan(given: Arguments, plan: SetupPlan, steps: readonly Step[], machine: Machine): ExitCode {
  if (given.has('json')) {
    const printed = steps.map(({ what, where, script, carryOut }) => ({
      ...{ what, where },
      state: carryOut === undefined ? ('by-hand' as const) : ('printed' as const),
      commands: script.join('\n'),
    }));
    sayJson(machine, documentOf(plan, printed));
  } else {
    printScript(headOf(plan), steps, machine);
    say(machine.output, `\n${shellComment('next: the same command with --apply --yes, which runs these')}`);
  }
  return 0;
}

async function applyPlan(
  given: Arguments,
  plan: SetupPlan,
  steps: readonly Step[],
  machine: Machine,
): Promise<ExitCode> {
  if (!plan.choices.confirmed) throw unconfirmed(plan);
  const isJson = given.has('json');
  if (!isJson) for (const line of headOf(plan)) say(machine.output, line);
  const clusters = clustersOf(plan).map(({ context: name, server }) => ({ name, server }));
  await checkAnswering(clusters, machine);
  await checkRepository(plan, machine);
  const applied = await applySteps(steps, machine, step => {
    if (!isJson) sayStep(step, machine);
  });
  if (isJson) sayJson(machine, documentOf(plan, applied));
  sayHalf(applied, machine);
  if (!isJson) sayNext(applied, doctorFor(given), machine);
  return applied.some(({ state }) => state === 'failed' || state === 'not-done') ? 1 : 0;
}

/** The command that looks at what was set up. */
function doctorFor(given: Arguments): string {
  return shellCommand('slipway', ['doctor', ...given.operands, ...placeFlags(given)]);
}

/** Which clusters and which repository are written to. */
function headOf(plan: SetupPlan): string[] {
  return [
    ...clustersOf(plan).map(({ context, server }) => `writes to the cluster ${server} (context ${context})`),
    `writes to the repository ${nameOf(plan.repository)} on ${plan.repository.host}`,
  ];
}

function clustersOf({ scopes }: SetupPlan): Setup['clusters'] {
  const contexts = scopes.flatMap(({ deployers }) => deployers.map(({ context }) => context));
  return [...new Map(contexts.map(({ name, server }) => [name, { context: name, server }])).values()];
}

function unconfirmed(plan: SetupPlan): SlipwayError<CliErrorCode> {
  const clusters = clustersOf(plan).map(
    ({ context, server }) => `${quote(server)} (context ${quote(context)})`,
  );
  return new SlipwayError<CliErrorCode>({
    code: 'setup-unconfirmed',
    message: `this writes to ${[...clusters, quote(`${plan.repository.host}/${plan.repository.owner}/${plan.repository.name}`)].join(' and ')}`,
    remedy: 'if these are meant, add --yes; otherwise name others with --context and --repo',
  });
}

function documentOf({ application, choices, repository, ...plan }: SetupPlan, steps: Setup['steps']): Setup {
  return {
    apiVersion: API_VERSION,
    kind: 'Setup',
    application,
    formations: [...choices.formations],
    repository: nameOf(repository),
    clusters: clustersOf({ application, choices, repository, ...plan }),
    steps,
  };
}
