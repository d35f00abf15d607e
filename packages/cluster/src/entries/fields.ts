import { isJsonObject, type JsonObject, type JsonValue, type SlipwayError } from '@slipway/core';
import type { ClusterErrorCode } from '../error-codes.ts';
import { kubeconfigError } from '../kubeconfig-error.ts';

/** Base64 of RFC 4648, section 4, whose length is a multiple of four, and in which line breaks do not count, as in Go. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The fields of a section of a kubeconfig by their types; a missing field and null are the empty value, as in Go. */
export class Fields {
  readonly #section: JsonObject;
  readonly #where: string;

  /**
   * @param where what messages call the section
   * @throws SlipwayError `kubeconfig-invalid` unless it is a mapping
   */
  constructor(section: JsonValue, where: string) {
    this.#where = where;
    if (!isJsonObject(section)) throw this.wrong('is not a mapping', 'compare it with the documentation');
    this.#section = section;
  }

  has(name: string): boolean {
    return (this.#section[name] ?? null) !== null;
  }

  text(name: string): string {
    const value = this.#section[name] ?? '';
    return typeof value === 'string' ? value : this.#refuse(name, 'a text');
  }

  flag(name: string): boolean {
    const value = this.#section[name] ?? false;
    return typeof value === 'boolean' ? value : this.#refuse(name, 'true or false');
  }

  /** What is written in base64; undefined if nothing is. */
  bytes(name: string): Buffer | undefined {
    const encoded = this.text(name).replaceAll(/[\r\n]/g, '');
    if (encoded.length % 4 !== 0 || !BASE64.test(encoded)) this.#refuse(name, 'base64');
    return encoded === '' ? undefined : Buffer.from(encoded, 'base64');
  }

  texts(name: string): string[] {
    return this.list(name).map(value => this.#textIn(name, value));
  }

  /** Lists of texts by their names. */
  textLists(name: string): ReadonlyMap<string, readonly string[]> {
    const value = this.#section[name] ?? {};
    if (!isJsonObject(value)) return this.#refuse(name, 'a mapping of lists of texts');
    return new Map(
      Object.entries(value).map(([key, list]) => {
        if (!Array.isArray(list ?? [])) this.#refuse(name, 'a mapping of lists of texts');
        return [key, ((list ?? []) as JsonValue[]).map(item => this.#textIn(name, item))];
      }),
    );
  }

  variables(name: string): { readonly name: string; readonly value: string }[] {
    return this.list(name).map(entry => {
      const [variable = '', value = ''] = isJsonObject(entry)
        ? [entry['name'] ?? '', entry['value'] ?? '']
        : [];
      const isVariable = typeof variable === 'string' && variable !== '' && typeof value === 'string';
      return isVariable ? { name: variable, value } : this.#refuse(name, 'a list of names and values');
    });
  }

  list(name: string): readonly JsonValue[] {
    const value = this.#section[name] ?? [];
    return Array.isArray(value) ? (value as JsonValue[]) : this.#refuse(name, 'a list');
  }

  /** A section inside of this one; undefined if it is not there. */
  section(name: string, where: string): Fields | undefined {
    return this.has(name) ? new Fields(this.#section[name] ?? null, where) : undefined;
  }

  wrong(what: string, remedy: string): SlipwayError<ClusterErrorCode> {
    return kubeconfigError('kubeconfig-invalid', `${this.#where} ${what}`, remedy);
  }

  #textIn(name: string, value: JsonValue): string {
    return typeof (value ?? '') === 'string' ? String(value ?? '') : this.#refuse(name, 'a list of texts');
  }

  #refuse(name: string, type: string): never {
    throw this.wrong(
      `has ${name} that is not ${type}`,
      'correct it; a number or a date in a text needs quotes',
    );
  }
}
