import { count, defined, SlipwayError } from '@slipway/core';
import { openHeads } from '@slipway/git';
import {
  leftOut,
  type PreparedRendering,
  prepareRendering,
  type RenderedApplication,
  type RenderingRequest,
  type RenderingSurroundings,
  renderApplication,
  type SpawnFor,
} from '@slipway/render';
import type { Arguments } from '../command-line/arguments.ts';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { loggerOf, sayProblem } from '../tell/say.ts';
import { refuseSources } from './refuse-sources.ts';
import type { Workspace } from './workspace.ts';

/** What was rendered of the working tree. */
export interface RenderedHere {
  readonly prepared: PreparedRendering;
  readonly rendered: RenderedApplication;
}

/**
 * Renders what a command line names, as render-stencil does, and shows the warnings.
 * @param output absolute
 */
export async function renderHere(
  given: Arguments,
  machine: Machine,
  { workspace, output, temporaryDirectory }: RenderFolders,
): Promise<RenderedHere> {
  const request = { ...renderingRequest(given, workspace), output };
  const surroundings = renderingSurroundings(machine, workspace, temporaryDirectory);
  const prepared = await prepareRendering(request, surroundings);
  await refuseSources(output, prepared, workspace.folder);
  noteWhatIsOther(prepared, machine);
  for (const name of leftOut(prepared, request))
    loggerOf(machine).info(`${name} is spawned, so it is rendered for a pull request or a branch only`);
  const rendered = await renderApplication(prepared, request, surroundings);
  for (const warning of rendered.warnings) sayProblem(machine, 'warning', warning);
  return { prepared, rendered };
}

export interface RenderFolders {
  readonly workspace: Workspace;
  /** Where the tree is written. */
  readonly output: string;
  /** For tools that render; both are absolute. */
  readonly temporaryDirectory: string;
}

export function renderingRequest(given: Arguments, workspace: Workspace): RenderingRequest {
  const [snapshot, spawn] = [given.text('snapshot'), spawnOf(given)];
  return {
    application: workspace.pathOf(given.text('application') ?? 'slipway.yaml'),
    formations: given.list('formation'),
    destinations: given.list('destination'),
    ...defined({ spawn }),
    ...(snapshot === undefined ? {} : { snapshot: { path: workspace.pathOf(snapshot) } }),
    set: Object.fromEntries(given.values('set').map(readPair)),
    explain: [],
  };
}

/** The pull request or branch whose instance is meant; undefined without the flag. */
export function spawnOf(given: Arguments): SpawnFor | undefined {
  const text = given.text('spawn');
  return text === undefined ? undefined : { text };
}

/** @throws SlipwayError `usage` */
function readPair(text: string): [word: string, value: string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
  throw new SlipwayError<CliErrorCode>({
    code: 'usage',
    message: 'the flag "--set" has no "="',
    remedy: 'write --set word=value',
  });
}

/** Promotions are not among them, since they need the registry. */
export function renderingSurroundings(
  { exec, environment }: Machine,
  { folder: workspace }: Workspace,
  temporaryDirectory: string,
): RenderingSurroundings {
  const heads = openHeads({ exec, environment, workspace });
  return {
    ...{ exec, environment, workspace, temporaryDirectory },
    readRevision: heads.revision,
    openHead: heads.files,
    readTaggedSnapshot: () => Promise.reject(new Error('a snapshot is given as a file')),
  };
}

/** Says where the tree is not the one that a job would render. */
function noteWhatIsOther(
  { repository, targets, snapshot, uncommitted }: PreparedRendering,
  machine: Machine,
): void {
  const { info, warning } = loggerOf(machine);
  if (uncommitted.length > 0)
    info(`rendered with ${count(uncommitted.length, 'file')} not as in the commit that is checked out`);
  if (snapshot === undefined) return;
  for (const name of new Set(targets.map(({ formation }) => formation))) {
    const { from } = defined({ from: repository.formations.get(name)?.spec['promoted-from'] });
    if (from !== undefined)
      warning(
        `${name} is promoted from ${from}, so a job may render it from the commit that passed there; this is the working tree`,
      );
  }
}
