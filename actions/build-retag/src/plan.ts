import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import {
  type BuildSecrets,
  findBuildPaths,
  type ImageBuild,
  missingSecrets,
  readSourceState,
  type SourceState,
} from '@slipway/build';
import { Problems, type Service, type ServiceBuild } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { isPlainHttp, parseReference, parseRepository, type Reference } from '@slipway/registry';
import { type ApplicationFile, servicePosition } from './application.ts';
import type { Inputs } from './inputs.ts';
import type { KeptImage, Selection } from './selection.ts';

/** A ready-made image and the repository in which it gets the deployment tag. */
export interface ImageRetag {
  readonly service: string;
  readonly source: Reference;
  /** The source as slipway.yaml has it. */
  readonly sourceText: string;
  /** `registry/repository` that it is copied to. */
  readonly repository: string;
}

/** What is to be done for each service. */
export interface Plan {
  readonly builds: readonly ImageBuild[];
  readonly retags: readonly ImageRetag[];
  readonly kept: readonly KeptImage[];
}

export interface PlanOptions {
  readonly file: ApplicationFile;
  readonly selection: Selection;
  /** Where the images go: `<registry>/<service>`. */
  readonly registry: string;
  /** Undefined where builds get none, whatever slipway.yaml says. */
  readonly secrets: BuildSecrets | undefined;
  readonly inputs: Inputs;
  readonly runner: Runner;
}

/**
 * Finds out what each service needs, before anything is built.
 * @throws SlipwayError with every problem of every service, on its line of slipway.yaml
 */
export async function planServices(options: PlanOptions): Promise<Plan> {
  const problems = new Problems();
  const builds: ImageBuild[] = [];
  const retags: ImageRetag[] = [];
  for (const [name, service] of Object.entries(options.selection.services)) {
    const found = new Problems();
    const planned = await found.collect(() => planService(name, service, options));
    for (const problem of found.found) problems.add({ at: servicePosition(options.file, name), ...problem });
    if (planned === undefined) continue;
    if ('source' in planned) retags.push(planned);
    else builds.push(planned);
  }
  problems.throwIfAny();
  return { builds, retags, kept: options.selection.kept };
}

async function planService(
  name: string,
  { build, image }: Service,
  options: PlanOptions,
): Promise<ImageBuild | ImageRetag> {
  if (build !== undefined) return await planBuild(name, build, options);
  const sourceText = image ?? '';
  const repository = `${options.registry}/${name}`;
  return { service: name, source: parseReference(sourceText), sourceText, repository };
}

async function planBuild(
  service: string,
  build: ServiceBuild,
  { file, registry, secrets, inputs, runner }: PlanOptions,
): Promise<ImageBuild> {
  const places = { directory: file.directory, workspace: runner.workspace };
  const { context, dockerfile } = await findBuildPaths(service, build, places);
  const state = await readSourceState(runner.exec, file.directory, [context, dockerfile]);
  const planned: ImageBuild = {
    service,
    context,
    dockerfile,
    dockerfileName: relative(await realpath(runner.workspace), dockerfile),
    ...(build.target === undefined ? {} : { target: build.target }),
    args: build.args ?? {},
    secrets: secrets === undefined ? [] : (build.secrets ?? []),
    platforms: inputs.platforms,
    labels: labelsOf(state, runner),
    sourceDateEpoch: state.time,
    repository: `${registry}/${service}`,
    cache: inputs.cache,
    plainHttp: isPlainHttp(parseRepository(registry).registry, inputs.plainHttpRegistries),
  };
  const problems = new Problems();
  for (const problem of missingSecrets(planned, secrets ?? new Map())) problems.add(problem);
  problems.throwIfAny();
  return planned;
}

/**
 * Labels that stay as they are until the sources change: a deployment tag or the newest commit among them would make another
 * image of every build. https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md
 */
function labelsOf({ revision, time }: SourceState, { context }: Runner): Record<string, string> {
  const prefix = 'org.opencontainers.image';
  return {
    ...(context.repository === ''
      ? {}
      : { [`${prefix}.source`]: `${context.serverUrl}/${context.repository}` }),
    ...(revision === undefined
      ? {}
      : { [`${prefix}.revision`]: revision, [`${prefix}.created`]: new Date(time * 1000).toISOString() }),
  };
}
