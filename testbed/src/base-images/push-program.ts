import { readFile } from 'node:fs/promises';
import { makeImage, makeLayer } from '../images/image.ts';
import { tar } from '../images/tar.ts';
import type { RunningRegistry } from '../run/registry.ts';
import type { PushedImage } from './base-image.ts';
import { pushImage } from './push.ts';

/** Pushes an image that contains one static program and starts it: `repository` is a name such as "testbed/traffic". */
export async function pushProgram(
  registry: RunningRegistry,
  repository: string,
  program: string,
): Promise<PushedImage> {
  const layer = makeLayer(tar([{ path: 'program', mode: 0o755, content: await readFile(program) }]));
  const image = makeImage(layer, { entrypoint: ['/program'] });
  await pushImage(registry, repository, '1', image);
  return { name: `${registry.address}/${repository}:1`, digest: image.digest };
}
