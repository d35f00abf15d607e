import { parseImage } from '../../images/image-names.ts';
import { looksSecret } from '../../literals/secret-literals.ts';
import { storedName } from '../../stencils/secret.ts';
import { secretsInCommands } from './command-secrets.ts';
import { type Field, fieldOf, pairsOf } from './fields.ts';
import { interpolate, joined, type Part, type Settings } from './interpolate.ts';

/** Literals that look like secrets, with the name that each is stored under. */
export type Literals = ReadonlyMap<string, string>;

/** A shorter one is found in too many words to be looked for. */
const SHORTEST = 6;

interface Written {
  readonly service: string;
  readonly name: string;
  readonly value: string;
}

/** The secrets that are written into the environment and the commands of services and into `.env`; equal ones are one secret. */
export function literalsIn(services: readonly [string, Field][], settings: Settings): Literals {
  const written = services.flatMap(([service, field]) => environmentOf(service, field, settings));
  const outside = [...settings].map(([name, value]) => ({ service: '', name, value }));
  const found = new Map<string, string>();
  const taken = new Set<string>();
  for (const { service, name, value } of [...outside, ...written].filter(isSecret)) {
    if (found.has(value)) continue;
    const stored = taken.has(name) ? storedName(service, name) : name;
    taken.add(stored);
    found.set(value, stored);
  }
  const names = new Set([...taken, ...[...outside, ...written].map(({ name }) => name)]);
  for (const [service, field] of services)
    for (const { name, value } of secretsInCommands(field, settings))
      if (!found.has(value)) found.set(value, freeName(storedName(service, variableFrom(name)), names));
  return found;
}

/** `db.password` as the name of a variable. */
function variableFrom(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase();
}

/** A name that no variable has, with a number behind it if one has it; it is taken then. */
function freeName(wanted: string, taken: Set<string>): string {
  const base = wanted.replaceAll(/[^A-Z0-9_]/g, '_').replace(/^(?=\d)/, '_');
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base}_${number}`;
  taken.add(name);
  return name;
}

function isSecret({ name, value }: Written): boolean {
  return looksSecret(name, value);
}

function environmentOf(service: string, field: Field, settings: Settings): Written[] {
  const environment = fieldOf(field, 'environment');
  return (environment === undefined ? [] : pairsOf(environment)).flatMap(([name, { value }]) => {
    if (value === null || typeof value === 'object') return [];
    const parts = interpolate(String(value), settings);
    if (parts.some(part => 'variable' in part)) return [];
    return [{ service, name, value: parts.map(part => ('text' in part ? part.text : '')).join('') }];
  });
}

/** Names of images, of services and of users are often passwords of examples, and are written everywhere. */
export function harmless(services: readonly [string, Field][]): ReadonlySet<string> {
  const texts = services.flatMap(([name, field]) => [
    name,
    parseImage(String(fieldOf(field, 'image')?.value ?? '')).last,
    ...environmentOf(name, field, new Map())
      .filter(written => !isSecret(written))
      .map(({ value }) => value),
  ]);
  return new Set(texts.filter(text => /^[a-z]{1,16}$/.test(text)));
}

/** A text without the secrets that it repeats: each is a variable. */
export function hide(
  parts: readonly Part[],
  literals: Literals,
  known: ReadonlySet<string>,
): readonly Part[] {
  const values = [...literals].filter(([value]) => value.length >= SHORTEST && !known.has(value));
  return values.reduce<readonly Part[]>(
    (all, [value, variable]) =>
      all.flatMap(part => ('text' in part ? without(part.text, value, variable) : [part])),
    parts,
  );
}

function without(text: string, value: string, variable: string): readonly Part[] {
  const pieces = text
    .split(value)
    .flatMap((piece, index): Part[] => [...(index === 0 ? [] : [{ variable }]), { text: piece }]);
  return joined(pieces);
}
