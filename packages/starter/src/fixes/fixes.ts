import { formatPointer } from '@slipway/core';
import { openImages } from '../images/image-names.ts';
import type { Rendered } from '../images/with-images.ts';
import type { RepositoryFiles } from '../look/repository-files.ts';
import type { ProposedFormation } from '../proposal/contribution.ts';
import { fixedText, type WrittenImage } from './fixed-text.ts';

/** A file that is edited. */
export interface Fix {
  readonly path: string;
  readonly before: string;
  readonly text: string;
}

/** Formations whose plain manifests become stencils where they are, and the edits that this needs. */
export interface Fixes {
  readonly formations: readonly ProposedFormation[];
  readonly edits: readonly Fix[];
}

/**
 * What `--apply-fixes` changes. Formations with charts or Kustomize directories, and those whose images are written in a way that cannot
 * be edited, stay as they are.
 * @param prefix the application's folder with a slash behind it, which positions begin with; empty for the repository
 */
export async function fixesFor(
  formations: readonly ProposedFormation[],
  rendered: Rendered,
  byImage: ReadonlyMap<string, string>,
  files: RepositoryFiles,
  prefix: string,
): Promise<Fixes> {
  const isPlain = formations.every(({ sources = {} }) =>
    Object.values(sources).every(({ manifests }) => manifests !== undefined),
  );
  const images = imagesByFile(rendered, byImage, prefix);
  const edits: Fix[] = [];
  for (const path of filesOf(rendered, prefix)) {
    const before = (await files.readText(path)) ?? '';
    const text = isPlain ? fixedText(before, images.get(path) ?? []) : undefined;
    if (text === undefined) return { formations, edits: [] };
    if (text !== before) edits.push({ path, before, text });
  }
  return { formations: formations.map(filled), edits };
}

function filesOf(rendered: Rendered, prefix: string): string[] {
  const paths = [...rendered.values()].flat().map(({ positionAt }) => positionAt('').path);
  return [...new Set(paths)].map(path => path.slice(prefix.length)).sort();
}

function imagesByFile(
  rendered: Rendered,
  byImage: ReadonlyMap<string, string>,
  prefix: string,
): ReadonlyMap<string, readonly WrittenImage[]> {
  const found = [...rendered.values()].flat().flatMap(({ object, positionAt }) =>
    openImages(object).flatMap(({ image, path }) => {
      const service = byImage.get(image);
      const { path: file, line, column } = positionAt(formatPointer(path));
      return service === undefined ? [] : [{ file: file.slice(prefix.length), line, column, image, service }];
    }),
  );
  // Several formations may have the same file.
  const distinct = new Map(found.map(one => [`${one.file}:${one.line}:${one.column}`, one]));
  return Map.groupBy(distinct.values(), ({ file }) => file);
}

function filled({ patches: _, ...formation }: ProposedFormation): ProposedFormation {
  const sources = Object.entries(formation.sources ?? {}).map(([name, { manifests }]) => [
    name,
    { manifests: { ...manifests, placeholders: 'fill' as const } },
  ]);
  return { ...formation, sources: Object.fromEntries(sources) };
}
