import {
  type Builder,
  type BuildOptions,
  type BuildSecrets,
  buildImage,
  type NamedContext,
} from '@slipway/build';
import { type Clock, imageReference, Problems, type SnapshotImage } from '@slipway/core';
import { type Runner, showProblem } from '@slipway/github';
import {
  copyImage,
  getManifest,
  type Manifest,
  parseReference,
  parseRepository,
  type RegistryClient,
  type SnapshotHome,
} from '@slipway/registry';
import type { ImageRetag, Plan } from '../plan/plan.ts';
import type { KeptImage } from '../plan/selection.ts';
import type { Foresight } from '../snapshots/reuse.ts';
import { buildBeside, type ReadyImages } from './build-beside.ts';
import { type BuildWork, buildServices, type ReadyBuild } from './build-services.ts';
import { exportFiles } from './exports.ts';
import { missingPlatforms, platformProblem, withPlatforms } from './platforms.ts';
import { scanImages } from './scan-images.ts';

/** An image that is in its repository by digest, and has no tag yet. */
export interface PreparedImage {
  readonly service: string;
  readonly image: SnapshotImage;
  readonly manifest: Manifest;
  /** The deployment tag of the snapshot that has it already; absent for what this run made. */
  readonly from?: string;
  /** How long it took. */
  readonly milliseconds: number;
}

export interface PrepareOptions {
  readonly client: RegistryClient;
  readonly home: SnapshotHome;
  /** Undefined where nothing is to be built. */
  readonly builder: Builder | undefined;
  readonly secrets: BuildSecrets;
  readonly plainHttpRegistries: readonly string[];
  readonly foresee: Foresight;
  readonly runner: Runner;
  readonly clock: Clock;
}

/**
 * Builds and copies every image of a plan.
 * @throws SlipwayError with every problem of every image
 */
export async function prepareImages(plan: Plan, options: PrepareOptions): Promise<PreparedImage[]> {
  const unbuilt = new Map([
    ...plan.retags.map(retag => [retag.service, () => copy(retag, options)] as const),
    ...plan.kept.map(kept => [kept.service, () => keep(kept, options)] as const),
  ]);
  return await buildBeside(unbuilt, ready => build(plan, ready, options));
}

async function build(
  plan: Plan,
  ready: ReadyImages<PreparedImage>,
  options: PrepareOptions,
): Promise<PreparedImage[]> {
  const { client, builder } = options;
  if (builder === undefined) return [];
  const contexts = new Map(
    [...ready].map(([service, prepared]) => [service, prepared.then(asContext)] as const),
  );
  const work: BuildWork<MadeImage> = {
    build: (image, buildOptions) => makeImage(builder, image, options, buildOptions),
    imageOf: (_build, { image }) => ({ kind: 'image', reference: imageReference(image) }),
  };
  const made = await buildServices(plan.builds, work, { ...options, images: contexts });
  const built = made.filter(({ result }) => result.from === undefined);
  await scanImages(built, options.secrets, client);
  const problems = new Problems();
  const images = await Promise.all(
    made.map(async ({ build: { service, platforms }, result, milliseconds }) => {
      const reference = parseReference(imageReference(result.image));
      const manifest = await getManifest(client, reference, 'pull,push');
      const missing = missingPlatforms(platforms, manifest);
      if (missing.length > 0) problems.add(platformProblem(service, missing));
      const image = withPlatforms(result.image, manifest);
      return { service, ...result, image, manifest, milliseconds };
    }),
  );
  problems.throwIfAny();
  return images;
}

type MadeImage = Pick<PreparedImage, 'image' | 'from'>;

async function makeImage(
  builder: Builder,
  build: ReadyBuild,
  { foresee, client }: Pick<PrepareOptions, 'foresee' | 'client'>,
  options: BuildOptions,
): Promise<MadeImage> {
  const { inputs, reusable } = await foresee(build, options.onLine);
  if (reusable !== undefined) {
    options.onLine(`Not built: nothing changed since ${reusable.from}, which passed`);
    if (reusable.image.name === build.repository) return reusable;
    return { ...reusable, image: (await bring(reusable.image, build.repository, client)).image };
  }
  await exportFiles(builder, build, options);
  const digest = await buildImage(builder, build, options);
  const image = { name: build.repository, digest, origin: 'built' } as const;
  return { image: inputs === undefined ? image : { ...image, inputs } };
}

function asContext(prepared: PreparedImage | undefined): NamedContext | undefined {
  return prepared && { kind: 'image', reference: imageReference(prepared.image) };
}

async function copy(retag: ImageRetag, { client, clock, runner }: PrepareOptions): Promise<PreparedImage> {
  const started = clock().getTime();
  const manifest = await copyImage(client, retag.source, parseRepository(retag.repository));
  runner.logger.debug(`${retag.sourceText} is ${manifest.digest}`);
  const missing = missingPlatforms(retag.platforms, manifest);
  // They cannot be added here, and perhaps no node needs them.
  if (missing.length > 0) showProblem(platformProblem(retag.service, missing), 'warning', runner);
  const image = {
    name: retag.repository,
    digest: manifest.digest,
    origin: 'retagged',
    source: retag.sourceText,
  } as const;
  return {
    service: retag.service,
    image: withPlatforms(image, manifest),
    manifest,
    milliseconds: clock().getTime() - started,
  };
}

async function keep(
  { service, image, from }: KeptImage,
  { client, clock, home }: PrepareOptions,
): Promise<PreparedImage> {
  const started = clock().getTime();
  const brought = await bring(image, `${home.registry}/${service}`, client);
  return { service, ...brought, from, milliseconds: clock().getTime() - started };
}

/** An image of another snapshot in the repository of this run: for an instance it is copied, else it is there already. */
async function bring(
  image: SnapshotImage,
  repository: string,
  client: RegistryClient,
): Promise<Pick<PreparedImage, 'image' | 'manifest'>> {
  const source = parseReference(imageReference(image));
  const manifest = await copyImage(client, source, parseRepository(repository));
  return { image: { ...image, name: repository }, manifest };
}
