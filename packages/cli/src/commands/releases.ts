import { API_VERSION, defined, formatProblem, type Releases, type SlipwayError } from '@slipway/core';
import { type ListedReleases, listKeptReleases, type UnlistedReleases } from '@slipway/delivery';
import { holdRefusals } from '@slipway/release';
import { applicationOf } from '../cluster/application-of.ts';
import { deliverySurroundings } from '../cluster/delivery-surroundings.ts';
import { readClusters } from '../cluster/read-clusters.ts';
import type { Arguments } from '../command-line/arguments.ts';
import type { ExitCode } from '../command-line/command.ts';
import type { Machine } from '../machine/machine.ts';
import { findWorkspace, type Workspace, withTemporaryFolder } from '../rendering/workspace.ts';
import { sayReleases } from '../tell/releases.ts';
import { sayJson, sayProblems } from '../tell/say.ts';

type Found = ListedReleases | UnlistedReleases;

/** Lists the releases that each destination keeps, and who holds it. */
export async function releasesCommand(given: Arguments, machine: Machine): Promise<ExitCode> {
  const workspace = await findWorkspace(given, machine);
  const found = await listIn(given, machine, workspace);
  const releases: Releases = {
    apiVersion: API_VERSION,
    kind: 'Releases',
    application: found[0]?.identity.application ?? '',
    destinations: found.map(destinationOf),
  };
  if (given.has('json')) sayJson(machine, releases);
  else sayReleases(releases, machine);
  for (const one of found) if ('error' in one) sayProblems(machine, one.error.problems, `${nameOf(one)}: `);
  return releases.destinations.some(({ unknown }) => unknown !== undefined) ? 1 : 0;
}

async function listIn(given: Arguments, machine: Machine, workspace: Workspace): Promise<readonly Found[]> {
  const clusters = readClusters(given, machine, workspace);
  const application = applicationOf(given, workspace);
  const named = given.list('formation');
  try {
    return await withTemporaryFolder(machine, async temporaryDirectory => {
      const place = { workspace, application, temporaryDirectory, clusters };
      const surroundings = await deliverySurroundings(machine, place);
      const request = {
        ...{ application, destinations: given.list('destination'), namespace: given.text('namespace') ?? '' },
        ...{ context: '', from: '', to: '' },
      };
      const found: Found[] = [];
      for (const formation of named.length === 0 ? [''] : named)
        found.push(...(await listKeptReleases({ ...request, formation }, surroundings)));
      return found;
    });
  } finally {
    await clusters.close();
  }
}

function nameOf({ identity: { formation, destination } }: Found): string {
  return destination === undefined ? formation : `${formation}/${destination}`;
}

function destinationOf(found: Found): Releases['destinations'][number] {
  const { formation, destination, namespace } = found.identity;
  const place = { formation, ...defined({ destination }), namespace };
  if ('error' in found) return { ...place, unknown: found.error.problems.map(formatProblem) };
  const { releases, unreadable, hold, identity, open } = found;
  return {
    ...place,
    releases: releases.map(({ number: release, verdict, deploymentTag, created }) => ({
      ...{ release, created, ...defined({ verdict, deploymentTag }) },
      ...defined({ unreadable: reasonOf(unreadable.get(release)) }),
    })),
    ...defined({ open }),
    ...(hold.state === 'held' ? { hold: hold.hold } : {}),
    ...(hold.state === 'unknown'
      ? { ...defined({ hold: hold.known }), holdUnknown: holdRefusals(identity, hold).map(formatProblem) }
      : {}),
  };
}

function reasonOf(error: SlipwayError | undefined): string | undefined {
  return error?.problems.map(formatProblem).join('; ');
}
