import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Builder,
  type BuilderChoice,
  type BuildSecrets,
  type NamedContext,
  tryImage,
  writeImage,
} from '@slipway/build';
import { type Clock, imageReference } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { formatReference, lookUpDigest, parseReference, type RegistryClient } from '@slipway/registry';
import type { Plan } from '../plan/plan.ts';
import { buildBeside, type ReadyImages } from './build-beside.ts';
import { type BuildWork, buildServices, findBuilderFor } from './build-services.ts';
import { exportFiles } from './exports.ts';

export interface RehearseOptions {
  readonly client: RegistryClient;
  readonly builder: BuilderChoice;
  readonly secrets: BuildSecrets;
  readonly plainHttpRegistries: readonly string[];
  readonly runner: Runner;
  readonly clock: Clock;
}

/** One service of a rehearsal, for the summary. */
export interface Rehearsed {
  readonly service: string;
  readonly what: string;
  readonly milliseconds: number;
}

/**
 * Builds every image and looks up every ready-made one, and leaves nothing behind: no image, no tag, no snapshot, no cache.
 * @throws SlipwayError with every problem of every service
 */
export async function rehearse(plan: Plan, options: RehearseOptions): Promise<Rehearsed[]> {
  const sources = [
    ...plan.retags,
    ...plan.kept.map(({ service, image }) => ({ service, source: parseReference(imageReference(image)) })),
  ];
  const unbuilt = new Map(sources.map(source => [source.service, () => lookUp(source, options)]));
  return await buildBeside(unbuilt, ready => tryAll(plan, ready, options));
}

async function tryAll(
  plan: Plan,
  ready: ReadyImages<FoundImage>,
  options: RehearseOptions,
): Promise<Rehearsed[]> {
  const builder = await findBuilderFor(plan, options.builder, options.runner);
  if (builder === undefined) return [];
  const layouts = await mkdtemp(join(options.runner.temporaryDirectory, 'slipway-images-'));
  try {
    const images = new Map([...ready].map(([service, found]) => [service, found.then(asContext)] as const));
    const work = rehearsalWork(plan, builder, layouts);
    const built = await buildServices(plan.builds, work, { ...options, images });
    return built.map(({ build, milliseconds }) => ({ service: build.service, what: 'builds', milliseconds }));
  } finally {
    await rm(layouts, { recursive: true, force: true });
  }
}

/** An image that others start from is written to a folder, since it is not in the registry; no other one is kept anywhere. */
function rehearsalWork(plan: Plan, builder: Builder, layouts: string): BuildWork<NamedContext | undefined> {
  const needed = new Set(plan.builds.flatMap(({ dependsOn }) => dependsOn));
  return {
    async build(image, options) {
      await exportFiles(builder, image, options);
      if (!needed.has(image.service)) return void (await tryImage(builder, image, options));
      const path = join(layouts, image.service);
      return { kind: 'layout', path, digest: await writeImage(builder, image, { ...options, layout: path }) };
    },
    imageOf: (_image, context) => context,
  };
}

interface FoundImage extends Rehearsed {
  readonly reference: string;
}

function asContext(found: FoundImage | undefined): NamedContext | undefined {
  return found && { kind: 'image', reference: found.reference };
}

async function lookUp(
  { service, source }: Pick<Plan['retags'][number], 'service' | 'source'>,
  { client, clock }: RehearseOptions,
): Promise<FoundImage> {
  const started = clock().getTime();
  const digest = await lookUpDigest(client, source);
  const reference = formatReference({ registry: source.registry, path: source.path, digest });
  return { service, what: 'is there', milliseconds: clock().getTime() - started, reference };
}
