import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isName } from '@slipway/core';
import type { Arguments } from '../command-line/arguments.ts';
import type { Workspace } from '../rendering/workspace.ts';

/** The path of slipway.yaml in the workspace, or the name of an application that plain manifests were released as. */
export function applicationOf(given: Arguments, { folder, pathOf }: Workspace): string {
  const written = given.text('application') ?? 'slipway.yaml';
  const path = pathOf(written);
  return isName(written) && !existsSync(join(folder, path)) ? written : path;
}
