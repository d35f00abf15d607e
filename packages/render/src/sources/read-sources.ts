import { mkdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import {
  changeProblems,
  defined,
  type Position,
  type Problem,
  Problems,
  quote,
  SlipwayError,
} from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { type FileSource, filesBelow } from '../files/file-source.ts';
import type { FormationFile } from '../repository/repository.ts';
import { Substitution } from '../words/substitute.ts';
import type { WordResolver } from '../words/word-resolver.ts';
import { exportFiles, exportKustomization } from './exported-files.ts';
import { atRevision, type ForeignManifest, type Substitute } from './foreign-document.ts';
import { type HelmRelease, helmRelease } from './helm/helm-release.ts';
import { runHelm } from './helm/run-helm.ts';
import { type KustomizeRequest, runKustomize } from './kustomize/run-kustomize.ts';
import { type PlainFormationSource, plainRequest } from './plain/plain-request.ts';
import { readPlainSource } from './plain/read-plain-source.ts';
import { unseenSecrets } from './sealed-tokens.ts';
import { toolVersion } from './tool-version.ts';
import { type SourceTools, withScratch } from './tools.ts';
import { type FormationSource, nearestField, sourcesOf } from './written-sources.ts';

/** The manifests that other tools wrote for one target. */
export interface ForeignManifests {
  readonly manifests: readonly ForeignManifest[];
  /** Versions of the tools that were run, by program. */
  readonly tools: Readonly<Record<string, string>>;
  /** Warnings about secrets that no manifest has; to be called after the manifests were traced. */
  readonly unseen: () => readonly Problem<RenderErrorCode>[];
}

export interface SourceTarget {
  readonly file: FormationFile;
  readonly namespace: string;
  /** The folder of slipway.yaml, relative to the workspace. */
  readonly directory: string;
}

type Report = (problem: Problem<RenderErrorCode>) => void;

const nothing: ForeignManifests = { manifests: [], tools: {}, unseen: () => [] };

/** Runs the tools that write the manifests of formations, and asks each tool for its version once. */
export class SourceReader {
  readonly #given: SourceTools | undefined;
  readonly #versions = new Map<string, Promise<string>>();
  /** By request, since a directory gives the same for each destination. */
  readonly #built = new Map<string, Promise<readonly ForeignManifest[]>>();

  /** @param tools undefined if no formation has sources */
  constructor(tools: SourceTools | undefined) {
    this.#given = tools;
  }

  get #tools(): SourceTools {
    if (this.#given === undefined) throw new TypeError('a formation has sources, but no tools were passed');
    return this.#given;
  }

  /** @throws SlipwayError with the problems of all sources of the formation */
  async read(
    { file, namespace, directory }: SourceTarget,
    resolver: WordResolver,
  ): Promise<ForeignManifests> {
    const problems = new Problems<RenderErrorCode>();
    const report: Report = problem => problems.add(problem);
    const substitute: Substitute = (document, node) =>
      new Substitution(document, resolver, report).node(node);
    const sources = sourcesOf(file, report);
    if (sources.length === 0 && problems.found.length === 0) return nothing;
    const found: ForeignManifests[] = [];
    for (const source of sources)
      await problems.collect(() =>
        withPosition(positionOf(source), this.#given?.files, async () => {
          if (source.tool === 'manifests') {
            const manifests = await this.#plain(source, directory, report);
            found.push({ ...nothing, manifests });
            return;
          }
          if (source.tool === 'kustomize') {
            const request = kustomizeRequest(source, directory, report);
            if (request !== undefined) found.push(await this.#fromKustomize(request));
            return;
          }
          const release = helmRelease(source, file, directory, substitute, report);
          // Values with an unresolved word would only make the templates fail too.
          if (release !== undefined && problems.found.length === 0)
            found.push(await this.#fromHelm(release, namespace));
        }),
      );
    problems.throwIfAny();
    return {
      manifests: found.flatMap(({ manifests }) => manifests),
      tools: Object.assign({}, ...found.map(({ tools }) => tools)),
      unseen: () => found.flatMap(({ unseen }) => unseen()),
    };
  }

  async #plain(source: PlainFormationSource, directory: string, report: Report): Promise<ForeignManifest[]> {
    const request = plainRequest(source, directory, report);
    const { files, workspace } = this.#tools;
    return request === undefined ? [] : await readPlainSource(request, files ?? filesBelow(workspace));
  }

  async #fromHelm(release: HelmRelease, namespace: string): Promise<ForeignManifests> {
    return {
      tools: { helm: await this.#version('helm') },
      manifests: await this.#helm(release, namespace),
      unseen: () => unseenSecrets(release.tokens, release.source, release.chart.at),
    };
  }

  async #fromKustomize(request: KustomizeRequest): Promise<ForeignManifests> {
    return {
      tools: { 'kubectl kustomize': await this.#version('kubectl') },
      manifests: await this.#kustomize(request),
      unseen: () => [],
    };
  }

  async #helm(release: HelmRelease, namespace: string): Promise<ForeignManifest[]> {
    const paths = [release.chart, ...release.values].flatMap(named => ('path' in named ? [named.path] : []));
    return await this.#inScratch(async home => {
      const tools = await this.#withFiles(join(home, 'files'), (files, folder) =>
        exportFiles(files, paths, folder),
      );
      return await runHelm(release, namespace, tools, home);
    });
  }

  async #kustomize(request: KustomizeRequest): Promise<readonly ForeignManifest[]> {
    const { source, directory, placeholders } = request;
    const key = JSON.stringify([source, directory.path, placeholders]);
    let built = this.#built.get(key);
    if (built === undefined) {
      built = this.#build(request);
      this.#built.set(key, built);
    }
    return await built;
  }

  async #build(request: KustomizeRequest): Promise<ForeignManifest[]> {
    const { path } = request.directory;
    return await this.#inScratch(async home => {
      const tools = await this.#withFiles(join(home, 'files'), (files, folder) =>
        exportKustomization(files, path, folder),
      );
      return await runKustomize(request, tools, home);
    });
  }

  /** The tools, with a folder of this machine as workspace if the files are elsewhere. */
  async #withFiles(
    folder: string,
    fill: (files: FileSource, folder: string) => Promise<void>,
  ): Promise<SourceTools> {
    const { files, ...tools } = this.#tools;
    if (files === undefined) return tools;
    await mkdir(folder);
    await fill(files, folder);
    return { ...tools, workspace: folder, revisionOf: path => files.revisionOf?.(path) };
  }

  async #inScratch<Result>(work: (home: string) => Promise<Result>): Promise<Result> {
    return await withScratch(this.#tools, work);
  }

  async #version(command: 'helm' | 'kubectl'): Promise<string> {
    let version = this.#versions.get(command);
    if (version === undefined) {
      version = this.#inScratch(home => toolVersion(command, this.#tools, home));
      this.#versions.set(command, version);
    }
    return await version;
  }
}

function positionOf({ layers }: FormationSource): Position | undefined {
  const own = layers.at(-1);
  return own?.file.document.keyPositionOf(own.path);
}

/** Gives problems without a position, such as a tool that is not installed, the position of the source. */
async function withPosition(
  at: Position | undefined,
  files: FileSource | undefined,
  work: () => Promise<void>,
): Promise<void> {
  const inCommit = (position: Position | undefined): Position | undefined =>
    position && atRevision(position, path => files?.revisionOf?.(path));
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw changeProblems(error, problem => ({ ...problem, ...defined({ at: inCommit(problem.at) ?? at }) }));
  }
}

function kustomizeRequest(
  source: Extract<FormationSource, { tool: 'kustomize' }>,
  directory: string,
  report: Report,
): KustomizeRequest | undefined {
  const { name, layers } = source;
  const folder = nearestField(layers, 'directory');
  const position = positionOf(source);
  if (folder === undefined) {
    report({
      code: 'source-invalid',
      ...defined({ at: position }),
      message: `the source ${quote(name)} has no directory`,
      remedy: 'add "directory"',
    });
    return undefined;
  }
  const at = folder.layer.file.document.positionOf(folder.path);
  return {
    source: name,
    directory: { path: posix.join(directory, folder.value), at },
    placeholders: nearestField(layers, 'placeholders')?.value ?? 'keep',
  };
}
