import {
  formatPointer,
  type KubernetesObject,
  type ObjectReference,
  type Position,
  type SourceDocument,
} from '@slipway/core';

/** A config entry that filled a place. */
export interface RelatedPlace {
  /** `*.production.database.host` */
  readonly address: string;
  readonly at: Position;
}

/** One object of a rendered tree or of plain manifests, which can say where each part of it was written. */
export interface ManifestObject {
  readonly object: KubernetesObject;
  /** What names the object, which is known without reading all of it. */
  readonly reference: ObjectReference;
  /** Rendered: relative to the folder of rendered.json. Plain: relative to the workspace. */
  readonly file: string;
  /** Which object of the file, from 0. */
  readonly document: number;
  /** Where the value at an RFC 6901 pointer, or its nearest existing parent, was written: key and scalar, or key. */
  placeOf(pointer: string): Position;
  /** The config entries that filled that place. */
  relatedTo(pointer: string): readonly RelatedPlace[];
}

/** An object as those read it who want a policy, a waiver or a definition. */
export function documentOf(manifest: ManifestObject): SourceDocument {
  return {
    path: manifest.file,
    index: manifest.document,
    value: manifest.object,
    positionOf: path => manifest.placeOf(formatPointer(path)),
    keyPositionOf: path => manifest.placeOf(formatPointer(path)),
  };
}
