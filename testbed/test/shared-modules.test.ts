import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type PartName, partOf, SHARING } from '../src/build/parts.ts';

/** What a go.mod gives its part, by module: the version that it asks for, or the one that replaces it. */
function modulesOf(part: PartName): Map<string, string> {
  const text = readFileSync(new URL(`../go/${part}/go.mod`, import.meta.url), 'utf8');
  const asked = [...text.matchAll(/^(?:require )?\t?(\S+) (v\S+)(?: \/\/ indirect)?$/gm)];
  const replaced = [...text.matchAll(/^(?:replace )?\t?(\S+) => \S+ (v\S+)$/gm)];
  const versions = new Map(asked.map(([, module = '', version = '']) => [module, version]));
  for (const [, module = '', version = ''] of replaced)
    if (versions.has(module)) versions.set(module, version);
  return versions;
}

/**
 * By what versions are compared: BuildKit and its companions keep the instrumentation that they ask for, since BuildKit does not push with
 * that of the control plane.
 */
function sharedName(part: PartName, module: string): string {
  const isOfBuildkit = ['buildkit', 'dockerfile', 'buildx'].includes(part);
  return isOfBuildkit && module.startsWith(INSTRUMENTATION) ? `${module} of BuildKit` : module;
}

const INSTRUMENTATION = 'go.opentelemetry.io/contrib/instrumentation/';

describe('parts that share packages', () => {
  const first = new Map<string, { readonly version: string; readonly part: PartName }>();
  for (const part of SHARING)
    for (const [module, version] of modulesOf(part))
      if (!first.has(sharedName(part, module))) first.set(sharedName(part, module), { version, part });

  it.each(SHARING)('have one version of each module: %s', name => {
    const modules = modulesOf(name);
    expect(modules.size).toBeGreaterThan(20);
    const different = [...modules].flatMap(([module, version]) => {
      const { version: shared = '', part = '' } = first.get(sharedName(name, module)) ?? {};
      const command = `go mod edit -replace=${module}=${module}@${shared}`;
      return version === shared ? [] : [`${module} is ${version}, and ${shared} in ${part}: \`${command}\``];
    });
    expect(different).toEqual([]);
  });

  it('are compiled alike: without tags, without C, and with paths', () => {
    const ways = SHARING.map(name => partOf(name)).map(({ tags, cgo, reproducible }) => [
      tags,
      cgo,
      reproducible,
    ]);
    expect(new Set(ways.flat())).toEqual(new Set([undefined]));
  });
});
