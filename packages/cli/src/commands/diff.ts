import { join } from 'node:path';
import { API_VERSION, type Difference, defined, quote, SlipwayError } from '@slipway/core';
import { isFieldPath, type Review, type ReviewedChange, type ReviewedTarget, review } from '@slipway/review';
import type { Arguments } from '../command-line/arguments.ts';
import type { ExitCode } from '../command-line/command.ts';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { plainManifests } from '../rendering/plain-manifests.ts';
import { renderingRequest, renderingSurroundings } from '../rendering/render-here.ts';
import { findWorkspace, withTemporaryFolder } from '../rendering/workspace.ts';
import { checkSurroundings } from '../rules/check-surroundings.ts';
import { readBase } from '../rules/read-base.ts';
import { sayDifference } from '../tell/difference.ts';
import { sayJson, sayProblem } from '../tell/say.ts';

/** Compares the working tree with a commit, both rendered. */
export async function diffCommand(given: Arguments, machine: Machine): Promise<ExitCode> {
  const found = await withTemporaryFolder(machine, folder => reviewIn(folder, given, machine));
  for (const warning of found.warnings) sayProblem(machine, 'warning', warning);
  const difference = differenceOf(found);
  if (given.has('json')) sayJson(machine, difference);
  else sayDifference(found, difference, machine);
  return difference.destinations.some(({ changes }) => changes === undefined) ? 1 : 0;
}

async function reviewIn(temporaryDirectory: string, given: Arguments, machine: Machine): Promise<Review> {
  const ignore = readIgnored(given);
  const workspace = await findWorkspace(given, machine);
  const base = await readBase(given.text('base') ?? 'HEAD', workspace.folder, machine);
  const { openHead: _, ...rendering } = renderingSurroundings(machine, workspace, temporaryDirectory);
  const checking = checkSurroundings(machine, workspace.folder, temporaryDirectory);
  const quiet = { ...checking.logger, info: () => undefined };
  return await review(
    {
      manifests: plainManifests(given, workspace),
      rendering: { ...renderingRequest(given, workspace), output: join(temporaryDirectory, 'rendered') },
      rules: {
        ...{ policies: [], crds: [], waivers: [], failOn: 'error', base },
        namespace: given.text('namespace') ?? 'default',
      },
      ignore,
    },
    { ...checking, ...rendering, logger: quiet },
  );
}

/** @throws SlipwayError `usage` for what no field is, which would leave nothing out without a word */
function readIgnored(given: Arguments): readonly string[] {
  const paths = given.list('ignore');
  const wrong = paths.find(path => !isFieldPath(path));
  if (wrong === undefined) return paths;
  throw new SlipwayError<CliErrorCode>({
    code: 'usage',
    message: `the flag "--ignore" has ${quote(wrong)}, which is not the path of a field`,
    remedy: 'write a path such as spec.replicas',
  });
}

function differenceOf({ base, targets, removed, moved, settings, limits }: Review): Difference {
  return {
    apiVersion: API_VERSION,
    kind: 'Difference',
    base: base ?? '',
    destinations: targets.map(destinationOf),
    removed: removed.map(({ name }) => name),
    moved: moved.map(({ name }) => name),
    settings: settings.map(changeOf),
    limits: [...limits],
  };
}

function destinationOf({ name, changes, report }: ReviewedTarget): Difference['destinations'][number] {
  if (changes !== undefined) return { name, changes: changes.map(changeOf) };
  const reasons = report.findings.filter(({ rule }) => rule.startsWith('baseline/'));
  return { name, uncompared: reasons.map(({ message }) => message) };
}

function changeOf({
  object,
  action,
  restarts,
  note,
  fields,
  at,
}: ReviewedChange): Difference['settings'][number] {
  return { object, action, restarts, ...defined({ note, at }), fields: fields.map(field => ({ ...field })) };
}
