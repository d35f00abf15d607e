import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startTestbed, type Testbed } from '@slipway/testbed';
import { type DebianImages, debianImages, MIRRORED } from '@slipway/testkit/debian-images';
import { provideVolume } from './volume.ts';

/** A cluster with one real node, a registry and a builder, for which Debian's packages take the place of other registries' images. */
export interface InitStage {
  readonly cluster: NonNullable<Testbed['cluster']>;
  /** host:port */
  readonly registry: string;
  readonly images: DebianImages;
  /** A folder that is removed at the end. */
  readonly directory: string;
  /** What a step needs to find the programs and the builder. */
  readonly path: string;
  readonly builder: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function setInitStage(): Promise<InitStage> {
  const testbed = await startTestbed({
    parts: ['cluster', 'registry', 'buildkit', 'node'],
    nodes: 0,
    mirrored: MIRRORED,
  });
  const { cluster, registry, buildkit } = testbed;
  if (!cluster || !registry || !buildkit) throw new Error('the testbed came up without all of its parts');
  const directory = await mkdtemp(join(tmpdir(), 'slipway-init-'));
  await provideVolume(cluster, directory);
  return {
    cluster,
    registry: registry.address,
    images: debianImages(buildkit, registry),
    directory,
    path: [
      dirname(process.execPath),
      dirname(cluster.kubectl),
      dirname(buildkit.buildctl),
      process.env['PATH'],
    ].join(':'),
    builder: { BUILDKIT_HOST: buildkit.address },
    async stop() {
      await testbed.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
