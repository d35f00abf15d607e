import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '@slipway/core';
import type { FileSource } from '../files/file-source.ts';
import type { RevisionOf } from './foreign-document.ts';

/** What is needed to let another tool write manifests. */
export interface SourceTools {
  readonly exec: Exec;
  /** Absolute; nothing outside of it is read. */
  readonly workspace: string;
  /** Absolute. */
  readonly temporaryDirectory: string;
  /** The files of charts and directories, if they are not in the workspace but in another commit. */
  readonly files?: FileSource;
  /** Says which commit has a file, where the files of another commit are in a folder of this machine. */
  readonly revisionOf?: RevisionOf;
  /** The tools get only PATH of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A connection to this port is refused at once, so that a tool that uses the network fails instead of getting an answer. */
const NOWHERE = 'http://127.0.0.1:9';

/**
 * The environment of a tool: an empty home without configuration, plugins, kubeconfig or logins, no network, and a Git that fetches
 * nothing.
 */
export function toolEnvironment(
  { environment }: Pick<SourceTools, 'environment'>,
  home: string,
): Record<string, string | undefined> {
  return {
    PATH: environment['PATH'],
    TMPDIR: join(home, 'tmp'),
    HOME: home,
    KUBECONFIG: join(home, 'no-kubeconfig'),
    HELM_CACHE_HOME: join(home, 'helm-cache'),
    HELM_CONFIG_HOME: join(home, 'helm-config'),
    HELM_DATA_HOME: join(home, 'helm-data'),
    HELM_PLUGINS: join(home, 'helm-plugins'),
    HELM_NO_PLUGINS: '1',
    HTTP_PROXY: NOWHERE,
    HTTPS_PROXY: NOWHERE,
    ALL_PROXY: NOWHERE,
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}

/** Runs `work` with a temporary folder that is deleted afterwards. */
export async function withScratch<Result>(
  { temporaryDirectory }: Pick<SourceTools, 'temporaryDirectory'>,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(temporaryDirectory, 'slipway-sources-'));
  try {
    await mkdir(join(folder, 'tmp'));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
