import { SlipwayError } from '@slipway/core';
import type { Arguments } from '../command-line/arguments.ts';
import type { CliErrorCode } from '../error-codes.ts';
import type { Workspace } from './workspace.ts';

/** Flags that say what is rendered, which plain manifests are not. */
const RENDERING = ['formation', 'destination', 'spawn', 'snapshot', 'set'];

/**
 * The manifests that the command line names; none if the application is to be rendered.
 * @param flags those that say what is rendered, and mean nothing for plain manifests
 * @throws SlipwayError `usage` for flags that would be ignored
 */
export function plainManifests(
  given: Arguments,
  { pathOf }: Workspace,
  flags: readonly string[] = RENDERING,
): readonly string[] {
  const ignored = flags.filter(flag => given.has(flag)).map(flag => `"--${flag}"`);
  if (given.operands.length > 0 && ignored.length > 0)
    throw new SlipwayError<CliErrorCode>({
      code: 'usage',
      message: `plain manifests are not rendered, so ${ignored.join(' and ')} would be ignored`,
      remedy: 'name manifests, or what to render',
    });
  return given.operands.map(pathOf);
}
