import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianPackage } from '../build/debian.ts';
import { makeImage, makeLayer } from '../images/image.ts';
import { tar } from '../images/tar.ts';
import type { RunningRegistry } from '../run/registry.ts';
import { defaultSurroundings } from '../run/surroundings.ts';
import type { PushedImage } from './base-image.ts';
import { pushImage } from './push.ts';

const REPOSITORY = 'library/busybox';
const PROGRAMS = ['cat', 'echo', 'grep', 'nc', 'sh', 'sleep'];

/** Pushes an image of the real BusyBox, of Debian's package, with some of its programs. */
export async function pushBusybox(registry: RunningRegistry): Promise<PushedImage> {
  const root = await debianPackage('busybox-static', defaultSurroundings());
  const paths = ['usr/bin/busybox', 'bin/busybox'].map(path => join(root, path));
  const program = paths.find(path => existsSync(path)) ?? '';
  const layer = makeLayer(
    tar([
      { path: 'bin/', mode: 0o755 },
      { path: 'bin/busybox', mode: 0o755, content: await readFile(program) },
      ...PROGRAMS.map(name => ({ path: `bin/${name}`, link: 'busybox' })),
    ]),
  );
  const image = makeImage(layer, { command: ['/bin/sh'] });
  await pushImage(registry, REPOSITORY, '1', image);
  return { name: `${registry.address}/${REPOSITORY}:1`, digest: image.digest };
}
