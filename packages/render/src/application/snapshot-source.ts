import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseSnapshot, quote, SlipwayError, type Snapshot } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';

/** A file, or the deployment tag that a registry knows the snapshot by. */
export type SnapshotSource = { readonly path: string } | { readonly deploymentTag: string };

/** Reads the snapshot of a deployment tag from the registry that holds the application's images. */
export type ReadTaggedSnapshot = (
  home: { readonly application: string; readonly registry: string },
  deploymentTag: string,
) => Promise<Snapshot>;

/** @throws SlipwayError `snapshot-missing`, and what is wrong with a file that is not a snapshot */
export async function readSnapshotFile(path: string, workspace: string): Promise<Snapshot> {
  try {
    return parseSnapshot(await readFile(resolve(workspace, path), 'utf8'), path);
  } catch (cause) {
    if (cause instanceof SlipwayError) throw cause;
    throw new SlipwayError<RenderErrorCode>(
      {
        code: 'snapshot-missing',
        message: `the snapshot ${quote(path)} cannot be read`,
        remedy: 'run build-retag in an earlier step, or use a deployment tag',
      },
      { cause },
    );
  }
}
