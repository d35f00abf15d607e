import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureParts } from '../build/build-parts.ts';
import { type ImageStart, type Layer, makeImage, makeLayer } from '../images/image.ts';
import { type TarEntry, tar } from '../images/tar.ts';
import type { Surroundings } from '../run/options.ts';
import type { RunningRegistry } from '../run/registry.ts';
import { defaultSurroundings } from '../run/surroundings.ts';
import { pushImage } from './push.ts';

const run = promisify(execFile);

/** An image in the testbed's registry. */
export interface PushedImage {
  /** 127.0.0.1:PORT/repository:tag */
  readonly name: string;
  readonly digest: string;
}

/** The images that the examples use. */
export interface BaseImages {
  /** A shell, the usual file programs and an HTTP server: what a Dockerfile builds `FROM`. */
  readonly base: PushedImage;
  /** A ready-made service: it implements enough of Redis' protocol for a key and a PING. */
  readonly redis: PushedImage;
}

const IMAGES: Readonly<Record<keyof BaseImages, { repository: string; tag: string; start: ImageStart }>> = {
  base: { repository: 'testbed/base', tag: '1', start: { command: ['/bin/sh'] } },
  redis: { repository: 'library/redis', tag: '7.4', start: { command: ['redis-server'], ports: [6379] } },
};

/**
 * Pushes the images that the examples use. They contain one Go program, built like the testbed's parts, so that neither another
 * registry nor a network is needed once it is built, and the digests do not change on one machine.
 */
export async function pushBaseImages(
  registry: RunningRegistry | string,
  surroundings: Surroundings = defaultSurroundings(),
): Promise<BaseImages> {
  const to = typeof registry === 'string' ? { address: registry } : registry;
  const folders = await ensureParts(['base-image'], undefined, surroundings);
  const layer = await readLayer(join(folders.get('base-image') ?? '', 'base-image'));
  return { base: await push(to, layer, 'base'), redis: await push(to, layer, 'redis') };
}

async function push(registry: RunningRegistry, layer: Layer, key: keyof BaseImages): Promise<PushedImage> {
  const { repository, tag, start } = IMAGES[key];
  const image = makeImage(layer, start);
  await pushImage(registry, repository, tag, image);
  return { name: `${registry.address}/${repository}:${tag}`, digest: image.digest };
}

/** The layer's archive: the program, a link for each of its names, and the folders that programs expect. */
async function readLayer(program: string): Promise<Layer> {
  const { stdout } = await run(program, ['--list']);
  const entries: TarEntry[] = [
    { path: 'bin/', mode: 0o755 },
    { path: 'bin/base-image', mode: 0o755, content: await readFile(program) },
    ...stdout
      .trim()
      .split('\n')
      .map(name => ({ path: `bin/${name}`, link: 'base-image' })),
    { path: 'etc/', mode: 0o755 },
    {
      path: 'etc/passwd',
      mode: 0o644,
      content: Buffer.from('root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n'),
    },
    { path: 'etc/group', mode: 0o644, content: Buffer.from('root:x:0:\nnobody:x:65534:\n') },
    { path: 'tmp/', mode: 0o1777 },
  ];
  return makeLayer(tar(entries));
}
