import type { Stats } from 'node:fs';
import { glob, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { type Problem, Problems, quote, SlipwayError, throwIfAny } from '@slipway/core';
import { decodeText } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import { filesBelow, isInside, isMissing } from '../files/file-source.ts';
import { isManifestFile } from '../files/read-documents.ts';
import { HelmTemplates } from './helm-templates.ts';
import { RecentSections } from './kept-section.ts';
import type { ManifestObject } from './manifest-object.ts';
import { type PlainManifests, parsePlain } from './parse-plain.ts';

/**
 * Plain manifests, such as Helm and Kustomize write.
 * @param paths files, folders (with all files below them) and globs; relative ones are resolved in the workspace
 * @throws SlipwayError with the problems of all files at once
 */
export async function readManifests(paths: readonly string[], workspace: string): Promise<PlainManifests> {
  const { problems, ...read } = await readReadable(paths, workspace);
  throwIfAny(problems);
  return read;
}

export interface ReadableManifests extends PlainManifests {
  /** What is wrong with files that could not be read, or only in part. */
  readonly problems: readonly Problem<RenderErrorCode>[];
}

/** Plain manifests as far as they can be read, with the problems of the rest. */
export async function readReadable(paths: readonly string[], workspace: string): Promise<ReadableManifests> {
  const problems = new Problems<RenderErrorCode>();
  const found = new Map<string, string>();
  for (const path of paths)
    await problems.collect(async () => {
      for (const file of await expand(path, workspace)) found.set(file.absolute, file.root);
    });
  const objects: ManifestObject[] = [];
  const warnings: Problem<RenderErrorCode>[] = [];
  const recent = new RecentSections();
  let templates: HelmTemplates | undefined;
  for (const [absolute, root] of [...found].sort(([a], [b]) => (a < b ? -1 : 1)))
    await problems.collect(async () => {
      const bytes = await filesBelow(root).read(relative(root, absolute));
      const name = shownPath(absolute, workspace);
      // An object that is left out would be pruned.
      if (bytes === undefined) throw brokenLink(name);
      const text = decodeText(bytes, name);
      if (HelmTemplates.isOutput(text)) {
        templates ??= await HelmTemplates.of(workspace);
        await templates.load(text);
      }
      const read = await parsePlain(text, name, problems, recent, templates);
      for (const object of read.objects) objects.push(object);
      warnings.push(...read.warnings);
    });
  return { objects, warnings, problems: problems.found };
}

interface FoundFile {
  readonly absolute: string;
  /** The folder that links must not point out of: the workspace, or a folder outside it that was named. */
  readonly root: string;
}

async function expand(path: string, workspace: string): Promise<FoundFile[]> {
  const files = (await filesAt(resolve(workspace, path))) ?? (await filesMatching(path, workspace));
  if (files.length === 0)
    throw new SlipwayError<RenderErrorCode>({
      code: 'manifests-missing',
      message: `${quote(path)} matches no manifest`,
      remedy: 'name a file, a folder or a glob with .yaml, .yml or .json files',
    });
  return files.map(file => (isInside(workspace, file.absolute) ? { ...file, root: workspace } : file));
}

/** The manifests at an existing path; undefined if it does not exist, as it may be a pattern. */
async function filesAt(path: string): Promise<FoundFile[] | undefined> {
  try {
    if (!(await stat(path)).isDirectory()) return [{ absolute: path, root: dirname(path) }];
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const files = await filesBelow(path).list('.');
  return files.filter(isManifestFile).map(file => ({ absolute: join(path, file), root: path }));
}

async function filesMatching(pattern: string, workspace: string): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  for await (const match of glob(pattern, { cwd: workspace })) {
    const absolute = resolve(workspace, match);
    const found = await statIfAny(absolute);
    if (isManifestFile(absolute) && (found === undefined || found.isFile()))
      files.push({ absolute, root: dirname(absolute) });
  }
  return files;
}

async function statIfAny(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function brokenLink(name: string): SlipwayError<RenderErrorCode> {
  return new SlipwayError<RenderErrorCode>({
    code: 'file-missing',
    message: `${quote(name)} is a link to a file that does not exist`,
    remedy: 'fix the link, or check out what it points to in an earlier step',
  });
}

/** Relative to the workspace, as annotations need it; absolute for a file outside of it. */
function shownPath(absolute: string, workspace: string): string {
  return isInside(workspace, absolute) ? relative(workspace, absolute).split(sep).join('/') : absolute;
}
