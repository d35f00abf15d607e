import { formatPointer, type Position, type SourceDocument } from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';

/** A config entry that filled a value. */
export interface FillingEntry {
  /** `*.production.database.host` */
  readonly address: string;
  readonly at: Position;
}

/** An object of a rendered tree or of plain manifests that knows where each of its parts was written. */
export interface ManifestObject {
  readonly object: KubernetesObject;
  /** Identifies the object, and is known without reading all of it. */
  readonly reference: ObjectReference;
  /** Relative to the folder of rendered.json if it was rendered, else to the workspace. */
  readonly file: string;
  /** The index of the object in the file, from 0. */
  readonly document: number;
  /** Where the value at an RFC 6901 pointer, or its nearest existing parent, was written: its key, with the value if it is a scalar. */
  positionAt(pointer: string): Position;
  /** The config entries that filled the value at a pointer. */
  relatedTo(pointer: string): readonly FillingEntry[];
}

/** The object as a document, for readers of policies, waivers and definitions. */
export function documentOf(manifest: ManifestObject): SourceDocument {
  return {
    path: manifest.file,
    index: manifest.document,
    value: manifest.object,
    positionOf: path => manifest.positionAt(formatPointer(path)),
    keyPositionOf: path => manifest.positionAt(formatPointer(path)),
  };
}
