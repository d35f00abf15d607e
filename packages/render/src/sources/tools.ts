import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '@slipway/core';
import type { FileSource } from '../files/file-source.ts';

/** What it takes to let another tool write manifests. */
export interface SourceTools {
  readonly exec: Exec;
  /** Absolute; nothing outside of it is read. */
  readonly workspace: string;
  /** Absolute. */
  readonly temporaryDirectory: string;
  /** Where charts and folders are, if not in the workspace: in another commit. */
  readonly files?: FileSource;
  /** Of which the tools get only where programs and temporary files are. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A connection to this port is refused at once, so that a tool which asks the network fails instead of getting an answer. */
const NOWHERE = 'http://127.0.0.1:9';

/**
 * What a tool is started with: a home of its own without configuration, plugins, kubeconfig or logins, no network, and no Git that
 * would fetch anything.
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

/** Gives `work` a folder that is gone afterwards. */
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
