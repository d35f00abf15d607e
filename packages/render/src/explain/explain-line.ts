import { join } from 'node:path';
import { type Position, type Problem, Problems, quote } from '@slipway/core';
import type { ObjectReference } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import type { FillingEntry } from '../manifests/manifest-object.ts';
import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import { patchesOf } from '../render/patches.ts';
import type { Repository } from '../repository/repository.ts';
import { partsOnLine } from './parts-on-line.ts';

/** What decided a part: a stencil, a patch or another field of a formation, or a file that a tool reads. */
export type Decider = 'stencil' | 'patch' | 'formation' | 'source';

export interface ExplainedPart {
  readonly object: ObjectReference;
  /** RFC 6901. */
  readonly pointer: string;
  readonly by: Decider;
  readonly at: Position;
  /** The config entries that filled it. */
  readonly filledBy: readonly FillingEntry[];
}

export interface ExplainedLine {
  /** `production/eu/manifests/api.yaml:12` */
  readonly line: string;
  /** The line itself, trimmed. */
  readonly text: string;
  readonly parts: readonly ExplainedPart[];
}

interface WantedLine {
  readonly line: string;
  readonly path: string;
  readonly number: number;
}

/**
 * Explains which file, patch and address decided each key, item and scalar on lines of the result.
 * @param repositoryOf the files that a destination was rendered from
 * @param lines `<formation>/<destination>/manifests/<file>:<line>`, or the same below `output`
 * @throws SlipwayError `line-unknown` for all lines that the result does not have
 */
export function explainLines(
  lines: readonly string[],
  repositoryOf: (destination: RenderedDestination) => Repository,
  destinations: readonly RenderedDestination[],
  output: string,
): readonly ExplainedLine[] {
  const problems = new Problems<RenderErrorCode>();
  const explained = lines.flatMap(line => {
    const wanted = parseLine(line, output);
    const found = wanted && findManifest(wanted, destinations);
    if (wanted !== undefined && found !== undefined)
      return [explain(wanted, found, repositoryOf(found.destination), problems)];
    problems.add(unknownLine(line, destinations));
    return [];
  });
  problems.throwIfAny();
  return explained;
}

function parseLine(line: string, output: string): WantedLine | undefined {
  const [, path = '', number] = /^(.+):(\d{1,9})(?::\d*)?$/.exec(line) ?? [];
  if (number === undefined) return undefined;
  const folder = join(output, '/');
  return {
    line,
    path: path.startsWith(folder) ? path.slice(folder.length) : path.replace(/^\.\//, ''),
    number: Number(number),
  };
}

interface FoundManifest {
  readonly destination: RenderedDestination;
  readonly file: string;
  readonly text: string;
}

function findManifest(
  { path }: WantedLine,
  destinations: readonly RenderedDestination[],
): FoundManifest | undefined {
  for (const destination of destinations)
    for (const [file, text] of destination.manifests)
      if (path === pathOf(destination, file)) return { destination, file, text };
  return undefined;
}

function pathOf({ rendered }: RenderedDestination, file: string): string {
  return `${rendered.formation}/${rendered.destination}/${file}`;
}

function explain(
  { line, number }: WantedLine,
  { destination, file, text }: FoundManifest,
  repository: Repository,
  problems: Problems<RenderErrorCode>,
): ExplainedLine {
  const objects = destination.objects.filter(object => object.file === file);
  const deciderOf = deciders(repository, destination);
  const parts = partsOnLine(parseDocuments(text, file), number).flatMap(({ document, pointer }) => {
    const object = objects[document];
    if (object === undefined) return [];
    const at = object.positionAt(pointer);
    const filledBy = object.relatedTo(pointer);
    return [{ object: object.reference, pointer, by: deciderOf(at), at, filledBy }];
  });
  if (parts.length === 0)
    problems.add({
      code: 'line-unknown',
      message: `${quote(line)} has no key, item or value`,
      remedy: 'name a line with a key, an item or a value; a comment has none',
    });
  return { line, text: (text.split('\n')[number - 1] ?? '').trim(), parts };
}

function deciders(
  repository: Repository,
  { rendered: { formation, destination } }: RenderedDestination,
): (at: Position) => Decider {
  const file = repository.formationFiles.get(formation);
  const patches = file === undefined ? [] : patchesOf(file, destination);
  const positions = patches.map(({ document, node }) => document.positionOfSpan(node));
  const formations = new Set([...repository.formationFiles.values()].map(({ document }) => document.path));
  const stencils = new Set(repository.stencils.map(({ path }) => path));
  return at => {
    const isPatch = positions.some(
      ({ path, line, endLine = line }) => path === at.path && line <= at.line && at.line <= endLine,
    );
    if (isPatch) return 'patch';
    return formations.has(at.path) ? 'formation' : stencils.has(at.path) ? 'stencil' : 'source';
  };
}

function unknownLine(line: string, destinations: readonly RenderedDestination[]): Problem<RenderErrorCode> {
  const [first] = destinations;
  const [file = 'manifests/api.yaml'] = first?.rendered.files ?? [];
  return {
    code: 'line-unknown',
    message: `${quote(line)} is not a line of a rendered manifest`,
    remedy: first === undefined ? 'render something first' : `write it like "${pathOf(first, file)}:1"`,
  };
}
