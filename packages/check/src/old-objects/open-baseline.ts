import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { once } from '@slipway/core';
import { type FileSource, type Repository, readRepositoryFrom, type SourceTools } from '@slipway/render';
import type { Base } from '../base-rules/base.ts';
import type { History } from '../base-rules/history.ts';
import { ownPaths } from '../base-rules/own-paths.ts';
import { secondCheckouts } from '../base-rules/second-checkouts.ts';
import type { CheckManifestsRequest } from '../request/request.ts';
import type { CheckSurroundings } from '../request/surroundings.ts';
import type { Baseline } from './baseline.ts';
import { clusterBaseline } from './cluster-baseline.ts';
import { plainBaseline, renderedBaseline } from './commit-baseline.ts';
import { pathBaseline } from './path-baseline.ts';

interface Context {
  readonly request: CheckManifestsRequest;
  readonly surroundings: CheckSurroundings;
  readonly history: () => Promise<History>;
}

interface Known {
  /** The checkout's; absent for plain manifests. */
  readonly repository?: Repository;
  /** The baseline of the base commit; undefined without a base commit. */
  readonly ofBase: Baseline | undefined;
}

/** The baseline that a request asks for; undefined if nothing is compared. */
export async function openBaseline(
  { request, history, surroundings }: Context,
  { repository, ofBase }: Known,
): Promise<Baseline | undefined> {
  const { baseline } = request;
  if (baseline.kind === 'none') return undefined;
  if (baseline.kind === 'base') return ofBase;
  if (baseline.kind === 'cluster')
    return clusterBaseline(
      baseline,
      ({ rendered: { formation = '', destination = '' } = {} }) =>
        repository?.formations.get(formation)?.spec.destinations[destination]?.context ?? '',
      surroundings,
    );
  const path = resolve(surroundings.workspace, baseline.name);
  if (existsSync(path)) return pathBaseline(path, surroundings.workspace);
  return await revisionBaseline(baseline.name, await history(), request, surroundings);
}

/** Compares with what the base commit renders. */
export function renderedBase(
  { files, history }: Base,
  repository: Repository | undefined,
  surroundings: CheckSurroundings,
): Baseline {
  return renderedBaseline(repository, toolsAt(files, history, surroundings));
}

/** Compares with the plain manifests of the base commit. */
export function plainBase(
  { files, history }: Base,
  { request, surroundings }: Pick<Context, 'request' | 'surroundings'>,
): Baseline {
  const open = once(async () => {
    const { own } = await ownPaths(request.manifests, history, surroundings.workspace);
    return plainBaseline({ files, paths: own });
  });
  return async query => await (await open())(query);
}

/** The tools that render charts and Kustomize directories, with the files of a commit or of a second checkout. */
function toolsAt(files: FileSource, history: History, surroundings: CheckSurroundings): SourceTools {
  const { exec, workspace, temporaryDirectory, environment } = surroundings;
  const second = secondCheckouts(history, workspace);
  const elsewhere = new Set<string>();
  const either: FileSource = {
    list: async folder => [...(await files.list(folder)), ...(await second.list(folder))],
    listAll: async folder => [...(await files.listAll(folder)), ...(await second.listAll(folder))],
    async read(path) {
      const own = await files.read(path);
      if (own !== undefined) return own;
      elsewhere.add(path);
      return await second.read(path);
    },
    revisionOf: path => (elsewhere.has(path) ? undefined : files.revisionOf?.(path)),
  };
  return { exec, workspace, temporaryDirectory, environment, files: either };
}

/** Compares with what another commit renders, by the files of that commit; with nothing if it does not have the application. */
export async function renderedAt(
  files: FileSource,
  history: History,
  { application }: Pick<CheckManifestsRequest, 'application'>,
  surroundings: CheckSurroundings,
): Promise<Baseline> {
  const isApplication = (await files.read(application)) !== undefined;
  const repository = isApplication
    ? await readRepositoryFrom(files, application, secondCheckouts(history, surroundings.workspace))
    : undefined;
  return renderedBaseline(repository, toolsAt(files, history, surroundings));
}

/** Files whose positions name the commit: the same line of the checkout is another one. */
function atCommit(files: FileSource, commit: string): FileSource {
  return {
    list: folder => files.list(folder),
    listAll: folder => files.listAll(folder),
    read: path => files.read(path),
    revisionOf: () => commit,
  };
}

/** Compares with another commit, by the files of that commit. */
async function revisionBaseline(
  name: string,
  history: History,
  request: CheckManifestsRequest,
  surroundings: CheckSurroundings,
): Promise<Baseline> {
  const commit = await history.resolve(name);
  const files = atCommit(await history.files(commit), commit);
  const rendered = await renderedAt(files, history, request, surroundings);
  const { own } = await ownPaths(request.manifests, history, surroundings.workspace);
  const plain = plainBaseline({ files, paths: own });
  return query => (query.rendered === undefined ? plain(query) : rendered(query));
}
