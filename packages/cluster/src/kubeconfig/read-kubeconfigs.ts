import { readFile, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Logger, quote } from '@slipway/core';
import { kubeconfigError } from '../kubeconfig-error.ts';
import { type Kubeconfig, merge, parseKubeconfig } from './parse-kubeconfig.ts';
import { defaultPath, expandHome, kubeconfigPaths } from './paths.ts';
import type { KubeconfigSource } from './source.ts';
import { isInside, readWorkspaceFile } from './workspace-file.ts';

const MISSING_REMEDY =
  'give its content or a path outside the workspace in the kubeconfig input, set KUBECONFIG, or write in-cluster';

/**
 * The kubeconfig in one or more files: those of the input, else of KUBECONFIG, else the one in the home folder.
 * @throws SlipwayError `kubeconfig-missing`, `kubeconfig-in-workspace`, `kubeconfig-invalid`
 */
export async function readKubeconfigs(source: KubeconfigSource, logger: Logger): Promise<Kubeconfig> {
  const paths = pathsOf(source);
  if (paths.length === 0) return await readDefault(source, logger);
  const there = await withoutMissing(
    paths.map(path => resolve(source.workspace, path)),
    logger,
  );
  const parsed = await Promise.all(there.map(path => readKubeconfig(path, source)));
  return parsed.reduce(merge);
}

/** Where KUBECONFIG names several files, those that do not exist are left out, as by kubectl, unless none does. */
async function withoutMissing(paths: readonly string[], logger: Logger): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(
      async path =>
        [
          path,
          await realpath(path).catch((error: NodeJS.ErrnoException) => error.code !== 'ENOENT'),
        ] as const,
    ),
  );
  const there = found.flatMap(([path, isThere]) => (isThere === false ? [] : [path]));
  if (there.length === 0) return paths;
  for (const path of paths.filter(each => !there.includes(each)))
    logger.info(`KUBECONFIG names ${quote(path)}, which does not exist and is left out.`);
  return there;
}

function pathsOf({ kubeconfig, environment }: KubeconfigSource): string[] {
  return kubeconfig === '' ? kubeconfigPaths(environment) : [expandHome(kubeconfig, environment)];
}

async function readDefault(source: KubeconfigSource, logger: Logger): Promise<Kubeconfig> {
  const path = defaultPath(source.environment);
  const isThere = path !== undefined && (await realpath(path).catch(() => undefined)) !== undefined;
  if (!isThere) throw kubeconfigError('kubeconfig-missing', 'there is no kubeconfig', MISSING_REMEDY);
  // On a machine of one's own, it may be that of a person.
  logger.info(`The kubeconfig is ${path}, as neither the input nor KUBECONFIG names one.`);
  return await readKubeconfig(path, source);
}

async function readKubeconfig(path: string, source: KubeconfigSource): Promise<Kubeconfig> {
  const realPath = await realpath(path).catch((cause: unknown) => {
    throw missing(path, source, cause);
  });
  const root = await realpath(source.workspace).catch(() => source.workspace);
  const isInWorkspace = isInside(path, source.workspace) || isInside(realPath, root);
  const content = isInWorkspace
    ? await readWorkspaceFile(path, source)
    : await readFile(realPath, 'utf8').catch((cause: unknown) => {
        throw unreadable(path, cause);
      });
  return parseKubeconfig(content, quote(path), { folder: dirname(path), isInWorkspace });
}

/** A text without a slash may be a secret that is not a kubeconfig, such as a token, and is not repeated. */
function missing(path: string, { kubeconfig }: KubeconfigSource, cause: unknown) {
  if (kubeconfig === '' || kubeconfig.includes('/')) return unreadable(path, cause);
  const what = 'the kubeconfig input is neither the content of a kubeconfig nor the path of a file';
  return kubeconfigError('kubeconfig-missing', what, MISSING_REMEDY, cause);
}

function unreadable(path: string, cause: unknown) {
  const what = `the kubeconfig ${quote(path)} cannot be read`;
  return kubeconfigError('kubeconfig-missing', what, MISSING_REMEDY, cause);
}
