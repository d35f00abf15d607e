import { readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import { isRenderedTree, type PreparedRendering } from '@slipway/render';
import type { CliErrorCode } from '../error-codes.ts';

/** What an application reads in its own folder and in shared ones. */
const CONTENT = ['stencils', 'config', 'policies', 'formations'];

/**
 * Checks that a tree can be written to a folder: that it is empty, or has trees only, and is not one that a rendering reads, where the
 * result would be the source of the next one.
 * @param output absolute
 * @throws SlipwayError `output-in-use`
 */
export async function refuseSources(
  output: string,
  { repository }: Pick<PreparedRendering, 'repository'>,
  workspace: string,
): Promise<void> {
  const source = sourcesOf(repository, workspace).find(folder => isInside(output, folder));
  if (source !== undefined)
    throw foreign(output, `is read by the next rendering, as part of ${quote(source)}`);
  for (const entry of await readdir(output, { withFileTypes: true }).catch(() => []))
    if (!entry.isDirectory() || !(await isRenderedTree(join(output, entry.name))))
      throw foreign(output, `has ${quote(entry.name)}, which is not a rendered formation`);
}

function sourcesOf(
  { directory, sharedDirectories, formations }: PreparedRendering['repository'],
  workspace: string,
): string[] {
  const named = [...formations.values()].flatMap(({ spec: { sources = {} } }) =>
    Object.values(sources).flatMap(({ helm, kustomize }) => helm?.chart ?? kustomize?.directory ?? []),
  );
  return [
    ...[directory, ...sharedDirectories].flatMap(folder =>
      CONTENT.map(name => resolve(workspace, folder, name)),
    ),
    ...named.map(path => resolve(workspace, directory, path)),
  ];
}

function isInside(path: string, folder: string): boolean {
  const steps = relative(folder, path);
  return steps !== '..' && !steps.startsWith(`..${sep}`);
}

function foreign(output: string, what: string): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>({
    code: 'output-in-use',
    message: `the output folder ${quote(output)} ${what}, so nothing is written there`,
    remedy: 'choose a new folder, an empty one, or one that has a rendered tree only',
  });
}
