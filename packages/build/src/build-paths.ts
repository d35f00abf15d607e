import { realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { quote, type ServiceBuild, SlipwayError } from '@slipway/core';
import type { BuildErrorCode } from './error-codes.ts';

export interface BuildPaths {
  /** Absolute, links resolved. */
  readonly context: string;
  readonly dockerfile: string;
  /** Further folders, by the name that the Dockerfile uses. */
  readonly contexts: Readonly<Record<string, string>>;
}

export interface BuildFolders {
  /** The folder of slipway.yaml, absolute. */
  readonly directory: string;
  /** Every path must be inside of it; absolute. */
  readonly workspace: string;
}

/**
 * Finds a service's context, Dockerfile and further contexts.
 * @throws SlipwayError `build-context-missing`, `dockerfile-missing`, `build-path-outside`
 */
export async function findBuildPaths(
  service: string,
  build: ServiceBuild,
  { directory, workspace }: BuildFolders,
): Promise<BuildPaths> {
  const context = join(directory, build.context);
  const dockerfile = join(context, build.dockerfile ?? 'Dockerfile');
  const shown = (path: string): string => quote(relative(workspace, path) || '.');
  const folder = async (path: string, field: string): Promise<string> => {
    const found = await existing(path, 'directory');
    if (found !== undefined) return found;
    throw new SlipwayError<BuildErrorCode>({
      code: 'build-context-missing',
      message: `the service ${quote(service)} has no folder ${shown(path)}`,
      remedy: `create it, or correct build.${field}`,
    });
  };
  const root = await realpath(workspace);
  const assertWithin = (paths: readonly string[]): void => {
    if (paths.every(path => isWithin(path, root))) return;
    throw new SlipwayError<BuildErrorCode>({
      code: 'build-path-outside',
      message: `the build of ${quote(service)} leads out of the workspace, by .. or by a link`,
      remedy: 'put the files into the repository',
    });
  };
  const realContext = await folder(context, 'context');
  // Asked before the Dockerfile, which no one should be told to add out there.
  assertWithin([realContext]);
  const realDockerfile = await existing(dockerfile, 'file');
  if (realDockerfile === undefined)
    throw new SlipwayError<BuildErrorCode>({
      code: 'dockerfile-missing',
      message: `the service ${quote(service)} has no Dockerfile at ${shown(dockerfile)}`,
      remedy: 'add it, name another with build.dockerfile, or use "image:" for a ready-made image',
    });
  const contexts: Record<string, string> = {};
  for (const [name, path] of Object.entries(build.contexts ?? {}))
    contexts[name] = await folder(join(directory, path), 'contexts');
  assertWithin([realDockerfile, ...Object.values(contexts)]);
  return { context: realContext, dockerfile: realDockerfile, contexts };
}

async function existing(path: string, kind: 'file' | 'directory'): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  const isRight = kind === 'file' ? found?.isFile() : found?.isDirectory();
  return isRight ? await realpath(path) : undefined;
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
