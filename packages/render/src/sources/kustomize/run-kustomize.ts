import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join, posix, relative, resolve, sep } from 'node:path';
import { Problems, SlipwayError } from '@slipway/core';
import { parseDocuments, type YamlDocument } from '@slipway/yaml';
import type { RenderErrorCode } from '../../error-codes.ts';
import { filesBelow } from '../../files/file-source.ts';
import type { Traced } from '../../trace/traced.ts';
import { ForeignDocument, type ForeignManifest, type RevisionOf } from '../foreign-document.ts';
import { SealedTokens, traceSealed } from '../sealed-tokens.ts';
import { type SourceTools, toolEnvironment } from '../tools.ts';
import { kindOfPath, type NamedPath } from '../workspace-paths.ts';
import { filledTrace, withDecodedSecrets } from './filled-trace.ts';
import { checkKustomization } from './kustomization.ts';
import { kustomizeProblem } from './kustomize-errors.ts';
import { locateIn, Origins } from './origins.ts';

/** What `kubectl kustomize` is called for. */
export interface KustomizeRequest {
  readonly source: string;
  readonly directory: NamedPath;
  /** Whether `${…}` in its output is a placeholder. */
  readonly placeholders: 'keep' | 'fill';
}

/**
 * The manifests that `kubectl kustomize` makes of a directory.
 * @param home a folder for this run only
 * @throws SlipwayError with all that is wrong with the directory and those that it builds on
 */
export async function runKustomize(
  request: KustomizeRequest,
  tools: SourceTools,
  home: string,
): Promise<ForeignManifest[]> {
  const { directory } = request;
  const problems = new Problems<RenderErrorCode>();
  const kustomizations = await problems.collect(async () => {
    kindOfPath(tools.workspace, directory);
    return await checkKustomization(tools.workspace, directory, problem => problems.add(problem));
  });
  problems.throwIfAny();
  const workspace = await realpath(tools.workspace);
  const folder = await realpath(join(workspace, directory.path));
  const build = async (path: string): Promise<readonly YamlDocument[]> => {
    const environment = toolEnvironment(tools, home);
    const { exitCode, stdout, stderr } = await tools.exec('kubectl', ['kustomize', path], {
      cwd: home,
      environment,
    });
    if (exitCode === 0) return parseDocuments(stdout, posix.join(directory.path, 'kustomization.yaml'));
    const paths = (kustomizations ?? []).map(document => document.path);
    throw new SlipwayError(kustomizeProblem(stderr, paths, workspace, directory.at));
  };
  const [built, annotated] = await Promise.all([
    build(folder),
    writeOriginsRequest(folder, home).then(build),
  ]);
  const around = await realpath(join(home, 'origins'));
  const pathOf = (named: string): string => relative(workspace, resolve(around, named)).split(sep).join('/');
  const values = annotated.map(({ value }) => value);
  const origins = new Origins(values, pathOf, filesBelow(workspace));
  return await Promise.all(
    built.map(document => foreignManifest(document, request, origins, tools.revisionOf)),
  );
}

/** Writes a kustomization around the folder that asks for annotations with the origin of objects. The result itself is built without it. */
async function writeOriginsRequest(folder: string, home: string): Promise<string> {
  const around = join(home, 'origins');
  await mkdir(around);
  const resource = relative(await realpath(around), folder)
    .split(sep)
    .join('/');
  const text = JSON.stringify({ resources: [resource], buildMetadata: ['originAnnotations'] });
  await writeFile(join(around, 'kustomization.yaml'), text);
  return around;
}

async function foreignManifest(
  built: YamlDocument,
  { source, directory, placeholders }: KustomizeRequest,
  origins: Origins,
  revisionOf: RevisionOf,
): Promise<ForeignManifest> {
  const kustomization = posix.join(directory.path, 'kustomization.yaml');
  const origin = await origins.of(built.value);
  const path = origin?.path ?? kustomization;
  const locate = origin === undefined ? () => ({ path, line: 1, column: 1 }) : locateIn(origin, built);
  const document = new ForeignDocument(built, path, locate, revisionOf);
  const below = posix.relative(directory.path, path).replace(/^(?:\.\.\/)+/, '');
  const trace: ForeignManifest['trace'] =
    placeholders === 'fill'
      ? (node, { substitute }) => filledTrace(document, node, substitute)
      : (node, { report }): Traced => traceSealed(document, node, new SealedTokens(), report);
  const name = `${source}/${below.replace(/\.[^./]*$/, '')}`;
  return {
    name,
    document,
    trace,
    ...(placeholders === 'fill' ? { words: withDecodedSecrets(built.root) } : {}),
  };
}
