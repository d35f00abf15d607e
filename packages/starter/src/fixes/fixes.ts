import { formatPointer, quote } from '@slipway/core';
import { openImages } from '../images/image-names.ts';
import type { Rendered } from '../images/with-images.ts';
import type { RepositoryFiles } from '../look/repository-files.ts';
import { isPlain, type ProposedFormation, type Remark } from '../proposal/contribution.ts';
import { fixedText, notOnTheirLine, type WrittenImage } from './fixed-text.ts';

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
  /** Why there are no edits, where they were asked for and cannot be made. */
  readonly remarks: readonly Remark[];
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
  if (!formations.every(isPlain)) return { formations, edits: [], remarks: [NOT_PLAIN] };
  const images = imagesByFile(rendered, byImage, prefix);
  const [edits, remarks]: [Fix[], Remark[]] = [[], []];
  for (const path of filesOf(rendered, prefix)) {
    const before = (await files.readText(path)) ?? '';
    const own = images.get(path) ?? [];
    remarks.push(...notOnTheirLine(before, own).map(image => notEdited(image, `${prefix}${path}`)));
    const text = fixedText(before, own);
    if (text !== before) edits.push({ path, before, text });
  }
  if (remarks.length > 0) return { formations, edits: [], remarks };
  return { formations: formations.map(filled), edits, remarks };
}

const NOT_PLAIN: Remark = {
  kind: 'note',
  message: '--apply-fixes edits no file, as a chart or a Kustomize directory is among the sources',
};

function notEdited({ image, line, column }: WrittenImage, path: string): Remark {
  return {
    kind: 'note',
    at: { path, line, column },
    message: `--apply-fixes edits no file, as the image ${quote(image)} is not written on this line`,
    remedy: 'write it behind its key, without a block and without an alias, and call slipway init again',
  };
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
