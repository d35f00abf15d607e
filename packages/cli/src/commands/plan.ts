import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import {
  type DeliverySurroundings,
  type PlannedManifests,
  planManifests,
  planReleased,
  type SignOffs,
} from '@slipway/delivery';
import { deliverySurroundings } from '../cluster/delivery-surroundings.ts';
import { hasKubeconfig } from '../cluster/kubeconfig-source.ts';
import { readClusters } from '../cluster/read-clusters.ts';
import type { Arguments } from '../command-line/arguments.ts';
import type { ExitCode } from '../command-line/command.ts';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { type PlanTarget, readPlanTargets } from '../planning/plan-targets.ts';
import { findWorkspace, withTemporaryFolder } from '../rendering/workspace.ts';
import { sayPlanned, unreadableOf } from '../tell/planned.ts';
import { sayJson, sayProblems } from '../tell/say.ts';

/** Says what releasing the working tree, or plain manifests, would change at each destination. */
export async function planCommand(given: Arguments, machine: Machine): Promise<ExitCode> {
  const workspace = await findWorkspace(given, machine);
  const clusters = readClusters(given, machine, workspace);
  try {
    return await withTemporaryFolder(machine, async temporaryDirectory => {
      const output = join(temporaryDirectory, 'rendered');
      const targets = await readPlanTargets(given, machine, { workspace, output, temporaryDirectory });
      if (given.has('json')) refuseSeveral(targets);
      const [application = ''] = targets.map(({ request }) => request.application);
      const place = { workspace, application, temporaryDirectory, clusters };
      return await planAll(targets, given, machine, await deliverySurroundings(machine, place));
    });
  } finally {
    await clusters.close();
  }
}

/** @throws SlipwayError `usage` */
function refuseSeveral(targets: readonly PlanTarget[]): void {
  if (targets.length < 2) return;
  throw new SlipwayError<CliErrorCode>({
    code: 'usage',
    message: `"--json" is the plan of one destination, and there are ${targets.length}: ${targets.map(({ name }) => name).join(', ')}`,
    remedy: 'name one with --formation and --destination',
  });
}

async function planAll(
  targets: readonly PlanTarget[],
  given: Arguments,
  machine: Machine,
  surroundings: DeliverySurroundings,
): Promise<ExitCode> {
  const isSeen = hasKubeconfig(given, machine) && !given.has('without-cluster');
  const plan = isSeen ? planManifests : planReleased;
  const codes: ExitCode[] = [];
  for (const { request, name } of targets) {
    const planned = await plan(request, SIGN_OFFS, surroundings).catch(error => asProblems(error, machine));
    if (planned instanceof SlipwayError) {
      if (targets.length === 1) throw planned;
      sayProblems(machine, planned.problems, `${name}: `);
      codes.push(2);
      continue;
    }
    const read = isSeen ? readOnly(planned) : planned;
    if (given.has('json')) sayJson(machine, read.plan);
    sayPlanned(read, given.has('json') ? { ...machine, output: SILENT } : machine);
    codes.push(isSettled(planned) ? 0 : 1);
  }
  return codes.every(code => code === 2) ? 2 : codes.some(code => code !== 0) ? 1 : 0;
}

const SILENT: Machine['output'] = { isColoured: false, write: () => undefined };

function asProblems(error: unknown, { signal }: Machine): SlipwayError {
  signal.throwIfAborted();
  if (error instanceof SlipwayError) return error;
  throw error;
}

/** Where nothing had to be merged, a plan passes for one of the server's dry run, and none was sent. */
function readOnly(planned: PlannedManifests): PlannedManifests {
  return { ...planned, plan: { ...planned.plan, method: 'merge' } };
}

function isSettled(planned: PlannedManifests): boolean {
  const { plan, problems } = planned;
  return problems.length === 0 && plan.unknown === undefined && unreadableOf(planned).length === 0;
}

/** Reviews are on GitHub, which the program does not ask. */
const SIGN_OFFS: SignOffs = {
  settle: findings =>
    Promise.resolve(
      findings.map(({ rule, message, place }) => ({
        code: 'sign-off-missing',
        message: `${rule}: ${message}`,
        remedy:
          'it needs an approval in the review of its pull request, and whether it has one is known on GitHub',
        ...(place === undefined ? {} : { at: place }),
      })),
    ),
};
