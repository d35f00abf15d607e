import { posix } from 'node:path';
import { defined, type Path, type Problem, quote, SlipwayError, valueAt } from '@slipway/core';
import { decodeText, parseDocuments, type YamlDocument } from '@slipway/yaml';
import type { RenderErrorCode } from '../../error-codes.ts';
import { type FileSource, filesBelow } from '../../files/file-source.ts';
import { isManifestFile } from '../../files/read-documents.ts';
import { kindOfPath, type NamedPath } from '../workspace-paths.ts';
import { readKustomization } from './folders-below.ts';
import { isInline, namedPaths, settingPaths } from './named-paths.ts';

type Report = (problem: Problem<RenderErrorCode>) => void;

/** Fields that make Kustomize run helm, which fetches the chart. */
const REFUSED = ['helmCharts', 'helmChartInflationGenerator', 'helmGlobals'];

/**
 * Checks a Kustomize directory and all folders that it builds on before the tool reads them: whatever they name must be a file or folder
 * of the workspace, since Kustomize would fetch anything that looks like a URL.
 * @returns the kustomization files, that of the folder first
 */
export async function checkKustomization(
  workspace: string,
  directory: NamedPath,
  report: Report,
): Promise<readonly YamlDocument[]> {
  const check = new KustomizationCheck(workspace, report);
  await check.folder(directory);
  return check.documents;
}

class KustomizationCheck {
  readonly documents: YamlDocument[] = [];
  readonly #workspace: string;
  readonly #files: FileSource;
  readonly #report: Report;
  readonly #seen = new Set<string>();

  constructor(workspace: string, report: Report) {
    this.#workspace = workspace;
    this.#files = filesBelow(workspace);
    this.#report = report;
  }

  /** @param holds whether its resources are manifests, or the settings of generators and transformers */
  async folder({ path, at }: NamedPath, holds: 'manifests' | 'settings' = 'manifests'): Promise<void> {
    const key = `${holds} ${path}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const document = await readKustomization(this.#files, path);
    if (document === undefined) {
      this.#report({
        code: 'source-missing',
        at,
        message: `${quote(path)} has no kustomization.yaml`,
        remedy: 'name a folder that contains one',
      });
      return;
    }
    this.documents.push(document);
    this.#refuse(document);
    for (const { text, where, isSetting } of namedPaths(document.value)) {
      if (isSetting && isInline(text)) this.#settings(text, document, where);
      else await this.#named(text, document, where, isSetting ? 'settings' : holds);
    }
  }

  #refuse(document: YamlDocument): void {
    for (const field of REFUSED)
      if (valueAt(document.value, [field]) !== undefined)
        this.#report({
          code: 'source-remote',
          at: document.keyPositionOf([field]),
          message: `${quote(field)} asks Kustomize to fetch a chart`,
          remedy: 'put the chart into the repository and add it to spec.sources of the formation, as helm',
        });
  }

  async #named(
    text: string,
    document: YamlDocument,
    where: Path,
    holds: 'manifests' | 'settings',
  ): Promise<void> {
    const at = document.positionOf(where);
    if (isRemote(text)) return this.#report(remote(text, at));
    const path = posix.join(posix.dirname(document.path), text);
    const named = { path, at };
    try {
      if (kindOfPath(this.#workspace, named) === 'folder') await this.folder(named, holds);
      else if (holds === 'settings' && isManifestFile(path)) await this.#settingsFile(path);
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      for (const problem of error.problems) this.#report(problem as Problem<RenderErrorCode>);
    }
  }

  async #settingsFile(path: string): Promise<void> {
    const bytes = (await this.#files.read(path)) ?? new Uint8Array();
    for (const document of parseDocuments(decodeText(bytes, path), path))
      for (const { text, where } of settingPaths(document.value))
        if (isRemote(text)) this.#report(remote(text, document.positionOf(where)));
  }

  #settings(text: string, document: YamlDocument, where: Path): void {
    for (const inner of parseDocuments(text, document.path))
      for (const found of settingPaths(inner.value))
        if (isRemote(found.text)) this.#report(remote(found.text, document.positionOf(where)));
  }
}

/**
 * Whether Kustomize takes, or might take, a text for a repository or a URL; paths do not need such characters.
 * https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.8.1/api/internal/git/repospec.go
 */
function isRemote(text: string): boolean {
  return /[:?@]|\/\/|^(?:www\.)?(?:github|gitlab|bitbucket)\.|[\w-]\.git(?:\/|$)|_git\//i.test(text);
}

function remote(text: string, at: Problem['at']): Problem<RenderErrorCode> {
  return {
    code: 'source-remote',
    ...defined({ at }),
    message: `${quote(text)} may be fetched from another host, where it can change`,
    remedy:
      'put its files into the repository, or check them out at a fixed commit, and name a relative path',
  };
}
