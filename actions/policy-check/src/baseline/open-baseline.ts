import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type FileSource, type Repository, readRepositoryFrom, type SourceTools } from '@slipway/render';
import type { Base } from '../base/base.ts';
import type { History } from '../base/history.ts';
import { ownPaths } from '../base/own-paths.ts';
import { secondCheckouts } from '../base/second-checkouts.ts';
import type { TargetContext } from '../target-context.ts';
import type { Baseline } from './baseline.ts';
import { clusterBaseline } from './cluster-baseline.ts';
import { plainBaseline, renderedBaseline } from './commit-baseline.ts';
import { pathBaseline } from './path-baseline.ts';

type Context = Pick<TargetContext, 'inputs' | 'history' | 'runner'>;

interface Known {
  /** Of the checkout; absent for plain manifests. */
  readonly repository?: Repository;
  /** The base commit; undefined where there is none. */
  readonly ofBase: Baseline | undefined;
}

/** What the input `baseline` stands for; undefined where nothing is compared. */
export async function openBaseline(
  { inputs, history, runner }: Context,
  { repository, ofBase }: Known,
): Promise<Baseline | undefined> {
  const { baseline } = inputs;
  if (baseline === 'none') return undefined;
  if (baseline === '') return ofBase;
  if (baseline === 'cluster')
    return clusterBaseline(
      inputs,
      ({ rendered: { formation = '', destination = '' } = {} }) =>
        repository?.formations.get(formation)?.spec.destinations[destination]?.context ?? '',
      runner,
    );
  const path = resolve(runner.workspace, baseline);
  if (await exists(path)) return pathBaseline(path, runner.workspace);
  return await revisionBaseline(baseline, await history(), { inputs, history, runner });
}

/** The base commit's own rendering. */
export function renderedBase(
  { files, history }: Base,
  repository: Repository | undefined,
  runner: Context['runner'],
): Baseline {
  return renderedBaseline(repository, toolsAt(files, history, runner));
}

/** The base commit's own plain manifests. */
export function plainBase(
  { files, history }: Base,
  { inputs, runner }: Pick<Context, 'inputs' | 'runner'>,
): Baseline {
  return async query => {
    const { own } = await ownPaths(inputs.manifests, history, runner.workspace);
    return await plainBaseline({ files, paths: own })(query);
  };
}

/** What writes manifests from charts and Kustomize directories as a commit has them, or a second checkout. */
function toolsAt(files: FileSource, history: History, runner: Context['runner']): SourceTools {
  const { exec, workspace, temporaryDirectory, environment } = runner;
  const second = secondCheckouts(history, workspace);
  const either: FileSource = {
    list: async folder => [...(await files.list(folder)), ...(await second.list(folder))],
    read: async path => (await files.read(path)) ?? (await second.read(path)),
  };
  return { exec, workspace, temporaryDirectory, environment, files: either };
}

/** Another commit, by that commit's own files. */
async function revisionBaseline(
  name: string,
  history: History,
  { inputs, runner }: Context,
): Promise<Baseline> {
  const { application, manifests } = inputs;
  const { workspace } = runner;
  const files = await history.files(await history.resolve(name));
  const isApplication = (await files.read(application)) !== undefined;
  const repository = isApplication
    ? await readRepositoryFrom(files, application, secondCheckouts(history, workspace))
    : undefined;
  const rendered = renderedBaseline(repository, toolsAt(files, history, runner));
  const plain = plainBaseline({ files, paths: (await ownPaths(manifests, history, workspace)).own });
  return query => (query.rendered === undefined ? plain(query) : rendered(query));
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
