import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { Section } from '@slipway/yaml';

/**
 * A section of a file and its objects, which it packs: as JSON objects need a fifth of the memory, and parsing that is faster than parsing
 * YAML again. A long section is compressed, to a tenth of its length or less, since manifests repeat themselves.
 */
export class KeptSection implements Section {
  readonly firstLine: number;
  #text: Text;
  #objects: readonly KubernetesObject[] | Text;

  constructor({ text, firstLine }: Section, objects: readonly KubernetesObject[]) {
    this.firstLine = firstLine;
    this.#text = text;
    this.#objects = objects;
  }

  get text(): string {
    return unpacked(this.#text);
  }

  at(index: number): KubernetesObject {
    return this.#unpackedObjects()[index] as KubernetesObject;
  }

  /** Lets go of text and objects, and makes them again when they are asked for. */
  pack(): void {
    if (typeof this.#text === 'string') this.#text = packed(this.#text);
    if (isObjects(this.#objects) && !this.#objects.some(holdsBigInt))
      this.#objects = packed(JSON.stringify(this.#objects));
  }

  #unpackedObjects(): readonly KubernetesObject[] {
    if (isObjects(this.#objects)) return this.#objects;
    if (last.section !== this) {
      last.objects = JSON.parse(unpacked(this.#objects));
      last.section = this;
    }
    return last.objects;
  }
}

/** The last section whose objects were unpacked is kept, since objects are asked for one after another. */
const last: { section?: KeptSection; objects: readonly KubernetesObject[] } = { objects: [] };

/** A text as it is, or compressed. */
type Text = string | Compressed;

interface Compressed {
  readonly bytes: Uint8Array;
  /** How many bytes it has when it is not compressed. */
  readonly length: number;
}

/** Below it, what a buffer needs besides its content costs more than compression saves. */
const COMPRESSED_LENGTH = 8 * 1024;

function packed(text: string): Text {
  // What is not well-formed would not be the same again.
  if (text.length < COMPRESSED_LENGTH || !text.isWellFormed()) return text;
  const bytes = Buffer.from(text);
  return { bytes: shelved(deflateRawSync(bytes, { level: 1 })), length: bytes.length };
}

/** Where what stays is put beside each other: many small buffers between those that go would keep their memory from the system. */
let shelf = { bytes: new Uint8Array(), used: 0 };

const SHELF_LENGTH = 1024 * 1024;

function shelved(bytes: Uint8Array): Uint8Array {
  if (shelf.used + bytes.length > shelf.bytes.length)
    shelf = { bytes: new Uint8Array(Math.max(SHELF_LENGTH, bytes.length)), used: 0 };
  const place = shelf.bytes.subarray(shelf.used, shelf.used + bytes.length);
  place.set(bytes);
  shelf.used += bytes.length;
  return place;
}

function unpacked(text: Text): string {
  if (typeof text === 'string') return text;
  // All of it in one buffer: smaller ones would be copied to one at their end.
  return inflateRawSync(text.bytes, { chunkSize: text.length }).toString();
}

function isObjects(kept: readonly KubernetesObject[] | Text): kept is readonly KubernetesObject[] {
  return Array.isArray(kept);
}

/** JSON in JavaScript does not have integers of 64 bits. */
function holdsBigInt(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint';
  for (const key in value) if (holdsBigInt(value[key as never])) return true;
  return false;
}

/** How much text the sections may have that are kept as they are: with its objects about 100 MB. */
const KEPT_LENGTH = 16 * 1024 * 1024;

/** The sections of one read, which are packed once they are too long together, so that 100,000 objects fit into memory. */
export class RecentSections {
  #sections: KeptSection[] = [];
  #room: number;

  /** @param kept how much text may be kept as it is */
  constructor(kept = KEPT_LENGTH) {
    this.#room = kept;
  }

  add(section: KeptSection): void {
    this.#room -= section.text.length;
    this.#sections.push(section);
    if (this.#room >= 0) return;
    for (const full of this.#sections) full.pack();
    this.#sections = [];
  }
}
