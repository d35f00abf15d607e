import { realpath } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { type BuildSecrets, findBuildPaths, type ImageBuild, missingSecrets } from '@slipway/build';
import { defined, Problems, type Service, type ServiceBuild } from '@slipway/core';
import { type Git, readSourceState, type SourceState } from '@slipway/git';
import { isForPullRequest, type RunContext, type Runner } from '@slipway/github';
import { isPlainHttp, parseReference, parseRepository, type Reference } from '@slipway/registry';
import { type ApplicationFile, servicePosition } from '../files/application.ts';
import type { Inputs } from '../inputs.ts';
import type { KeptImage, Selection } from './selection.ts';

/** A ready-made image and the repository in which it gets the deployment tag. */
export interface ImageRetag {
  readonly service: string;
  readonly source: Reference;
  /** The source as slipway.yaml has it. */
  readonly sourceText: string;
  /** `registry/repository` that it is copied to. */
  readonly repository: string;
  /** Those that services are built for, and that it should be for as well. */
  readonly platforms: readonly string[];
}

/** A stage of a service's Dockerfile, and the folder that its files are written to. */
export interface PlannedExport {
  readonly name: string;
  readonly stage: string;
  readonly folder: string;
}

/** A build, and the services whose images it starts from; those become contexts once they are there. */
export interface PlannedBuild extends ImageBuild {
  readonly dependsOn: readonly string[];
  readonly exports: readonly PlannedExport[];
}

/** What is to be done for each service. */
export interface Plan {
  /** In an order in which they could be built one after the other. */
  readonly builds: readonly PlannedBuild[];
  readonly retags: readonly ImageRetag[];
  readonly kept: readonly KeptImage[];
}

export interface PlanOptions {
  readonly file: ApplicationFile;
  readonly selection: Selection;
  /** Where the images go: `<registry>/<service>`. */
  readonly registry: string;
  /** Where those of the application are; another one where an instance is built. */
  readonly released: string;
  /** Undefined where builds get none, whatever slipway.yaml says. */
  readonly secrets: BuildSecrets | undefined;
  readonly inputs: Inputs;
  readonly runner: Runner;
  /** The checkout that slipway.yaml is in; undefined outside of one. */
  readonly git: Git | undefined;
}

/**
 * Finds out what each service needs, before anything is built.
 * @throws SlipwayError with every problem of every service, on its line of slipway.yaml
 */
export async function planServices(options: PlanOptions): Promise<Plan> {
  const problems = new Problems();
  // At the same time, as each asks Git about its own folders.
  const planned = await Promise.all(
    Object.entries(options.selection.services).map(async ([name, service]) => {
      const found = new Problems();
      const what = await found.collect(() => planService(name, service, options));
      return { name, what, found: found.found };
    }),
  );
  for (const { name, found } of planned)
    for (const problem of found)
      problems.add({ ...problem, at: problem.at ?? servicePosition(options.file, name) });
  problems.throwIfAny();
  const all = planned.flatMap(({ what }) => what ?? []);
  const builds = all.flatMap(what => ('source' in what ? [] : [what]));
  const retags = all.flatMap(what => ('source' in what ? [what] : []));
  return { builds: inBuildOrder(builds), retags, kept: options.selection.kept };
}

async function planService(
  name: string,
  { build, image }: Service,
  options: PlanOptions,
): Promise<PlannedBuild | ImageRetag> {
  if (build !== undefined) return await planBuild(name, build, options);
  const sourceText = image ?? '';
  const repository = `${options.registry}/${name}`;
  const { platforms } = options.inputs;
  return { service: name, source: parseReference(sourceText), sourceText, repository, platforms };
}

async function planBuild(
  service: string,
  build: ServiceBuild,
  { file, registry, released, secrets, inputs, runner, git }: PlanOptions,
): Promise<PlannedBuild> {
  const folders = { directory: file.directory, workspace: runner.workspace };
  const { context, dockerfile, contexts } = await findBuildPaths(service, build, folders);
  const sources = [context, dockerfile, ...Object.values(contexts)];
  const state = await readSourceState(git, sources);
  const planned: PlannedBuild = {
    service,
    context,
    dockerfile,
    dockerfileName: relative(await realpath(runner.workspace), dockerfile),
    contexts: Object.fromEntries(
      Object.entries(contexts).map(([name, path]) => [name, { kind: 'folder', path }]),
    ),
    dependsOn: build['depends-on'] ?? [],
    exports: Object.entries(build.exports ?? {}).map(([name, stage]) => ({
      name,
      stage,
      folder: join(exportsFolder(file.application.metadata.name, runner), service, name),
    })),
    ...defined({ target: build.target }),
    args: build.args ?? {},
    secrets: secrets === undefined ? [] : (build.secrets ?? []),
    platforms: inputs.platforms,
    labels: labelsOf(service, state, runner.context, build.labels ?? {}),
    ownLabels: build.labels ?? {},
    ...defined({ attestations: inputs.attestations }),
    sourceDateEpoch: state.time,
    repository: `${registry}/${service}`,
    cache: inputs.cache,
    ...(isForPullRequest(runner.context) || registry !== released ? { readsCacheOnly: true } : {}),
    ...defined({ cacheScope: inputs.part }),
    ...(inputs.cache === 'local' ? { cacheDirectory: cacheDirectory(service, inputs, runner) } : {}),
    // A stranger's Dockerfile could use the keys anywhere.
    ssh: secrets !== undefined && build.ssh === true,
    plainHttp: isPlain(registry, inputs),
    ...(registry === released
      ? {}
      : { cacheFrom: { repository: `${released}/${service}`, plainHttp: isPlain(released, inputs) } }),
  };
  const problems = new Problems();
  for (const problem of missingSecrets(planned, secrets ?? new Map())) problems.add(problem);
  problems.throwIfAny();
  return planned;
}

function isPlain(registry: string, { plainHttpRegistries }: Inputs): boolean {
  return isPlainHttp(parseRepository(registry).registry, plainHttpRegistries);
}

/**
 * The folder of all exported files, as `<service>/<name>`. It is not beside the rendered tree: a build could write what looks like
 * one.
 */
export function exportsFolder(application: string, { temporaryDirectory }: Runner): string {
  return join(temporaryDirectory, 'slipway-exports', application);
}

const PREFIX = 'org.opencontainers.image';

/**
 * The labels of an image. They stay as they are until the sources change: a deployment tag or the newest commit among them would
 * make another image of every build. What slipway.yaml states comes before what is known otherwise.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md
 */
function labelsOf(
  service: string,
  { revision, time }: SourceState,
  { repository, serverUrl }: RunContext,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const page = `${serverUrl}/${repository}`;
  return {
    [`${PREFIX}.title`]: service,
    ...(repository === '' ? {} : { [`${PREFIX}.source`]: page, [`${PREFIX}.url`]: page }),
    ...(revision === undefined
      ? {}
      : { [`${PREFIX}.revision`]: revision, [`${PREFIX}.created`]: new Date(time * 1000).toISOString() }),
    ...own,
  };
}

function cacheDirectory(service: string, inputs: Inputs, runner: Runner): string {
  const folder = inputs.cacheDirectory ?? join(runner.temporaryDirectory, 'slipway-cache');
  return join(resolve(runner.workspace, folder), service);
}

/** What others start from comes first, so that logs show up as they are written; else the order of slipway.yaml. */
function inBuildOrder(builds: readonly PlannedBuild[]): PlannedBuild[] {
  const ordered = new Set<PlannedBuild>();
  const add = (build: PlannedBuild): void => {
    for (const needed of builds) if (build.dependsOn.includes(needed.service)) add(needed);
    ordered.add(build);
  };
  builds.forEach(add);
  return [...ordered];
}
