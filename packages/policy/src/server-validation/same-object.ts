import { formatPointer } from '@slipway/core';
import { kindKey } from '@slipway/kubernetes';
import type { Discovery } from '../findings.ts';
import type { CheckedObject } from '../request.ts';
import type { Catalog } from '../schemas/catalog.ts';
import type { Subject } from '../subject.ts';

const NAME = formatPointer(['metadata', 'name']);

/** Objects that are one in the cluster: the second would replace the first, so a deploy refuses them. */
export class SameObjects {
  readonly #first = new Map<string, CheckedObject>();
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Whether an object was there before, in any version of its kind; asked once about each object. */
  check({ checked, view }: Subject): Discovery[] {
    const { apiVersion, kind, metadata } = view;
    const isNamespaced = this.#catalog.find(apiVersion, kind)?.namespaced !== false;
    const key = JSON.stringify([
      kindKey(view),
      isNamespaced ? (metadata['namespace'] ?? '') : '',
      metadata.name,
    ]);
    const first = this.#first.get(key);
    if (first === undefined) {
      this.#first.set(key, checked);
      return [];
    }
    const place = first.positionAt?.(NAME);
    return [
      {
        rule: 'schema/duplicate-object',
        severity: 'error',
        message: `this ${kind} is among the manifests twice`,
        fix: 'remove one of the two, or give it another name',
        pointer: NAME,
        ...(place === undefined ? {} : { related: [{ message: 'the first one', place }] }),
      },
    ];
  }
}
