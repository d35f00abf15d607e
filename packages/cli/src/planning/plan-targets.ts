import { quote, SlipwayError } from '@slipway/core';
import type { PlanManifestsRequest, ReleaseOptions } from '@slipway/delivery';
import { applicationOf } from '../cluster/application-of.ts';
import type { Arguments } from '../command-line/arguments.ts';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { plainManifests } from '../rendering/plain-manifests.ts';
import { type RenderFolders, renderHere, spawnOf } from '../rendering/render-here.ts';
import { sayProblem } from '../tell/say.ts';

/** What is planned at one destination. */
export interface PlanTarget {
  /** `production/eu` */
  readonly name: string;
  readonly request: PlanManifestsRequest;
}

/** Renders the working tree, whose destinations are planned, or takes the plain manifests that are named. */
export async function readPlanTargets(
  given: Arguments,
  machine: Machine,
  folders: RenderFolders,
): Promise<readonly PlanTarget[]> {
  const options = readOptions(given);
  const plain = plainManifests(given, folders.workspace, ['spawn', 'snapshot', 'set', 'without-cluster']);
  if (plain.length > 0)
    return [{ name: 'the manifests', request: plainRequest(plain, options, given, folders) }];
  refusePlainFlags(given);
  const spawn = spawnOf(given);
  const { rendered, prepared } = await renderHere(given, machine, folders);
  if (prepared.snapshot === undefined) sayProblem(machine, 'warning', UNRESOLVED);
  return rendered.destinations.map(({ rendered: { formation, destination } }) => ({
    name: `${formation}/${destination}`,
    request: {
      ...requestOf(options, applicationOf(given, folders.workspace)),
      ...{ manifests: [folders.output], destinations: [destination] },
      ...(spawn === undefined
        ? { formation }
        : { formation: given.text('formation') ?? '', spawn: { what: spawn } }),
    },
  }));
}

const UNRESOLVED = {
  code: 'image-unresolved',
  message: 'the images are unresolved, so each of them differs from what runs, and a release is refused',
  remedy: 'name the snapshot.json of a build with --snapshot',
};

function requestOf(options: ReleaseOptions, application: string): PlanManifestsRequest {
  return {
    ...{ application, options, manifests: [], formation: '', destinations: [], namespace: '', context: '' },
    ...{ registry: '', digest: '', configRevision: '', reason: '', allow: {} },
    ...{ policies: [], packs: [], waivers: [], crds: [], signed: false, allowOlderConfig: false },
  };
}

/** @throws SlipwayError `usage` for what belongs to a formation, or to one release only */
function plainRequest(
  manifests: readonly string[],
  options: ReleaseOptions,
  given: Arguments,
  { workspace }: RenderFolders,
): PlanManifestsRequest {
  const application = given.text('application');
  if (application === undefined)
    throw usage(
      'plain manifests have no slipway.yaml that names their application',
      'name it as the workflow does: --application <name>',
    );
  return {
    ...requestOf(options, applicationOf(given, workspace)),
    ...{ manifests, formation: given.text('formation') ?? '', namespace: given.text('namespace') ?? '' },
    destinations: given.list('destination'),
  };
}

/** @throws SlipwayError `usage` */
function refusePlainFlags(given: Arguments): void {
  if (given.has('namespace'))
    throw usage('"--namespace" is for plain manifests: a formation has its own', 'leave it out');
}

const PRUNE = ['after-success', 'now', 'off'] as const;

/** @throws SlipwayError `usage` */
function readOptions(given: Arguments): ReleaseOptions {
  const written = given.text('prune') ?? 'after-success';
  const prune = PRUNE.find(choice => choice === written);
  if (prune === undefined)
    throw usage(`the flag "--prune" is ${quote(written)}`, `write ${PRUNE.join(', ')}`);
  return {
    prune,
    adopt: given.has('adopt'),
    forceConflicts: given.has('force-conflicts'),
    allowOlder: given.has('allow-older'),
  };
}

function usage(message: string, remedy: string): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>({ code: 'usage', message, remedy });
}
