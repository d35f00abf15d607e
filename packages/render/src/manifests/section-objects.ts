import type { KubernetesObject } from '@slipway/kubernetes';

/** The objects of a section of a file. As JSON they need a fifth of the memory, and parsing it is faster than parsing YAML again. */
export class SectionObjects {
  #objects: readonly KubernetesObject[] | undefined;
  #packed = '';

  constructor(objects: readonly KubernetesObject[]) {
    this.#objects = objects;
  }

  at(index: number): KubernetesObject {
    return (this.#objects ?? this.#unpacked())[index] as KubernetesObject;
  }

  /** Lets go of the objects, and makes them again when they are asked for. */
  pack(): void {
    if (this.#objects?.some(holdsBigInt) !== false) return;
    this.#packed = JSON.stringify(this.#objects);
    this.#objects = undefined;
  }

  #unpacked(): readonly KubernetesObject[] {
    if (unpacked.section !== this) {
      unpacked.objects = JSON.parse(this.#packed);
      unpacked.section = this;
    }
    return unpacked.objects;
  }
}

/** The last section that was unpacked is kept, since objects are asked for one after another. */
const unpacked: { section?: SectionObjects; objects: readonly KubernetesObject[] } = { objects: [] };

/** JSON in JavaScript does not have integers of 64 bits. */
function holdsBigInt(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint';
  for (const key in value) if (holdsBigInt(value[key as never])) return true;
  return false;
}

/** How much text the sections may have whose objects are kept as they are: about 80 MB of objects. */
const KEPT_LENGTH = 16 * 1024 * 1024;

/** The sections of one read: the objects of all but the last ones are packed, so that 100,000 of them fit into memory. */
export class RecentSections {
  readonly #sections: (readonly [objects: SectionObjects, length: number])[] = [];
  #first = 0;
  #length = 0;
  readonly #kept: number;

  constructor(kept = KEPT_LENGTH) {
    this.#kept = kept;
  }

  add(objects: SectionObjects, length: number): void {
    this.#sections.push([objects, length]);
    this.#length += length;
    for (let oldest = this.#sections[this.#first]; oldest !== undefined && this.#length > this.#kept; ) {
      oldest[0].pack();
      this.#length -= oldest[1];
      oldest = this.#sections[++this.#first];
    }
  }
}
