import { defined, type JsonValue, type Position, parsePointer, placePointers, valueAt } from '@slipway/core';
import { isSecret, type ObjectReference } from '@slipway/kubernetes';
import type { FillingEntry, ManifestObject } from '../manifests/manifest-object.ts';
import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import type { Target } from '../values/address-table.ts';

/** A part of a rendered object that a line of a source decides: the line has it, or fills it. */
export interface DecidedPart extends Target {
  readonly object: ObjectReference;
  /** RFC 6901. */
  readonly pointer: string;
  /** A text, a number or a boolean; absent for lists and maps, and for what a Secret has. */
  readonly value?: string | number | bigint | boolean | null;
  readonly at: Position;
  /** The config entries that filled it. */
  readonly filledBy: readonly FillingEntry[];
}

/**
 * The parts of rendered objects that a line of a stencil, a patch, a config file or a chart decides; none if nothing comes from it.
 * @param line its path in the workspace and its number, from 1
 */
export function explainSource(
  line: { readonly path: string; readonly number: number },
  destinations: readonly RenderedDestination[],
): readonly DecidedPart[] {
  const all = destinations.flatMap(({ rendered: { formation, destination }, objects }) =>
    objects.flatMap(object => partsOf(object).map(part => ({ formation, destination, ...part }))),
  );
  const isThere = ({ path, revision }: Position): boolean => path === line.path && revision === undefined;
  const begins = (at: Position): boolean => isThere(at) && at.line === line.number;
  const beginning = all.filter(({ at, filledBy }) => begins(at) || filledBy.some(entry => begins(entry.at)));
  if (beginning.length > 0) return beginning;
  // A later line of a text that has several.
  return all.filter(
    ({ at }) => isThere(at) && at.line < line.number && line.number <= (at.endLine ?? at.line),
  );
}

type Part = Omit<DecidedPart, keyof Target>;

/** Every part of an object but the object itself. */
function partsOf(manifest: ManifestObject): Part[] {
  const { object, reference } = manifest;
  const pointers = placePointers(object).filter(pointer => pointer !== '');
  return pointers.map(pointer => ({
    object: reference,
    pointer,
    ...defined({ value: isSecret(object) ? undefined : scalarAt(object, pointer) }),
    at: manifest.positionAt(pointer),
    filledBy: manifest.relatedTo(pointer),
  }));
}

function scalarAt(object: JsonValue, pointer: string): DecidedPart['value'] {
  const value = valueAt(object, parsePointer(pointer));
  return typeof value === 'object' && value !== null ? undefined : value;
}
