import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunningRegistry, TestbedBuildkit } from '@slipway/testbed';
import { debianRoot, ROOT_LINES } from './debian-root.ts';
import { DEBIAN_IMAGES, type DebianImage } from './images.ts';

const run = promisify(execFile);

/** Registries whose images are made here, for `mirrored` of the testbed. */
export const MIRRORED = ['docker.io', 'gcr.io'] as const;

export interface DebianImages {
  /**
   * Makes the images that a Dockerfile starts from, each once, where BuildKit looks for them.
   * @returns the names of those that Debian has no packages for
   */
  provide(dockerfile: string): Promise<readonly string[]>;
  /** The same for one image; where it is in the testbed's registry. */
  image(name: string): Promise<string | undefined>;
}

/** The testbed's BuildKit must have been started with `mirrored: MIRRORED`. */
export function debianImages(buildkit: TestbedBuildkit, registry: RunningRegistry): DebianImages {
  const made = new Map<string, Promise<string | undefined>>();
  const image = (name: string): Promise<string | undefined> => {
    const full = fullName(name);
    const found = DEBIAN_IMAGES.find(one => one.name.test(full));
    const making = made.get(full) ?? (found === undefined ? Promise.resolve(undefined) : make(full, found));
    made.set(full, making);
    return making;
  };
  const make = async (name: string, { suite, lines, runs }: DebianImage): Promise<string> => {
    const target = `${registry.address}/${name}`;
    const compression = runs ? '' : ',compression=uncompressed';
    const output = `type=image,name=${target},push=true,registry.insecure=true${compression}`;
    await build(buildkit, await debianRoot(suite), ['FROM scratch AS root', ...ROOT_LINES, ...lines], output);
    return target;
  };
  return {
    image,
    async provide(dockerfile) {
      const missing: string[] = [];
      for (const name of startsFrom(dockerfile)) if ((await image(name)) === undefined) missing.push(name);
      return missing;
    },
  };
}

/** `node:24-slim` as `docker.io/library/node:24-slim`. */
function fullName(name: string): string {
  const [first = '', ...rest] = name.split('/');
  if (rest.length === 0) return `docker.io/library/${name}`;
  return /[.:]/.test(first) ? name : `docker.io/${name}`;
}

/** What `FROM` and `COPY --from` name, and is not a stage of the file. */
function startsFrom(dockerfile: string): readonly string[] {
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)/gim)].map(([, name = '']) => name.toLowerCase());
  const named = [...dockerfile.matchAll(/^FROM (\S+)|^COPY .*--from=(\S+)/gim)].map(
    ([, base, copied]) => base ?? copied ?? '',
  );
  return [...new Set(named)].filter(name => name !== 'scratch' && !stages.includes(name.toLowerCase()));
}

async function build(
  { buildctl, address }: TestbedBuildkit,
  context: string,
  lines: readonly string[],
  output: string,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-base-'));
  try {
    await writeFile(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
    const args = [
      ...['--addr', address, 'build', '--progress', 'plain', '--frontend', 'dockerfile.v0'],
      ...['--local', `context=${context}`, '--local', `dockerfile=${folder}`],
      ...['--output', output],
    ];
    await run(buildctl, args, { maxBuffer: 2 ** 28 });
  } finally {
    await rm(folder, { recursive: true });
  }
}
