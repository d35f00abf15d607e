import { join } from 'node:path';
import { type CheckedTarget, checkManifests } from '@slipway/check';
import { count, defined, makeReport, type Report, sortFindings } from '@slipway/core';
import { shareFindings } from '@slipway/report';
import type { Arguments } from '../command-line/arguments.ts';
import type { ExitCode } from '../command-line/command.ts';
import type { Machine } from '../machine/machine.ts';
import { plainManifests } from '../rendering/plain-manifests.ts';
import { renderHere, spawnOf } from '../rendering/render-here.ts';
import { findWorkspace, type Workspace, withTemporaryFolder } from '../rendering/workspace.ts';
import { checkSurroundings } from '../rules/check-surroundings.ts';
import { readBase } from '../rules/read-base.ts';
import { readRules } from '../rules/read-rules.ts';
import { sayFinding } from '../tell/findings.ts';
import { say, sayJson } from '../tell/say.ts';

/** Checks the working tree, or plain manifests. */
export async function checkCommand(given: Arguments, machine: Machine): Promise<ExitCode> {
  const workspace = await findWorkspace(given, machine);
  const rules = readRules(given, workspace);
  const targets = await withTemporaryFolder(machine, folder =>
    checkIn(folder, given, machine, { workspace, rules }),
  );
  const reports = targets.map(({ report }) => report);
  if (given.has('json')) sayJson(machine, reportOfAll(reports, rules.failOn));
  else sayTargets(targets, machine);
  return reports.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
}

interface Known {
  readonly workspace: Workspace;
  readonly rules: ReturnType<typeof readRules>;
}

async function checkIn(
  temporaryDirectory: string,
  given: Arguments,
  machine: Machine,
  { workspace, rules }: Known,
): Promise<readonly CheckedTarget[]> {
  const revision = given.text('base');
  const base = revision === undefined ? undefined : await readBase(revision, workspace.folder, machine);
  const plain = plainManifests(given, workspace);
  const output = join(temporaryDirectory, 'rendered');
  if (plain.length === 0) await renderHere(given, machine, { workspace, output, temporaryDirectory });
  const { targets } = await checkManifests(
    {
      ...rules,
      manifests: plain.length === 0 ? [output] : plain,
      application: workspace.pathOf(given.text('application') ?? 'slipway.yaml'),
      formations: given.list('formation'),
      destinations: given.list('destination'),
      baseline: { kind: 'base' },
      ...defined({ base, spawn: spawnOf(given) }),
    },
    checkSurroundings(machine, workspace.folder, temporaryDirectory),
  );
  return targets;
}

/** One report, whose findings name their destinations. */
function reportOfAll(reports: readonly Report[], failOn: 'error' | 'warning'): Report {
  const objects = reports.reduce((sum, { counts }) => sum + counts.objects, 0);
  return makeReport(
    reports.flatMap(({ findings }) => findings),
    objects,
    failOn,
  );
}

function sayTargets(targets: readonly CheckedTarget[], machine: Machine): void {
  const findings = sortFindings(targets.flatMap(({ report }) => report.findings));
  for (const shared of shareFindings(findings)) sayFinding(shared, machine);
  for (const { name, report } of targets) say(machine.output, `${name}: ${describe(report)}`);
}

function describe({ verdict, counts }: Report): string {
  return `${verdict}, ${count(counts.errors, 'error')} and ${count(counts.warnings, 'warning')} in ${count(counts.objects, 'object')}`;
}
