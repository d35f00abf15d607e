import { SlipwayError } from '@slipway/core';
import type { TestbedErrorCode } from '../error-codes.ts';
import type { RunningRegistry } from './registry.ts';

/**
 * The text of a buildkitd.toml with which images of these registries are looked for below their names in the testbed's registry first.
 * https://github.com/moby/buildkit/blob/v0.29.0/docs/buildkitd.toml.md
 */
export function mirrorConfig(mirrored: readonly string[], registry: RunningRegistry | undefined): string {
  if (registry === undefined || registry.username !== undefined) throw unusableMirror();
  const { address } = registry;
  const mirrors = mirrored.map(name => `[registry."${name}"]\nmirrors = ["${address}/${name}"]\n`);
  return [...mirrors, `[registry."${address}"]\nhttp = true\n`].join('');
}

function unusableMirror(): SlipwayError<TestbedErrorCode> {
  return new SlipwayError<TestbedErrorCode>({
    code: 'testbed-option',
    message: "the testbed's registry can hold images of other registries only if it asks for no login",
    remedy: 'add registry to the parts, and leave registryAuth out',
  });
}
