import { posix } from 'node:path';
import { type Position, quote } from '@slipway/core';
import { looksSecret } from '../../literals/secret-literals.ts';
import type { RepositoryFiles } from '../../look/repository-files.ts';
import type { Remark } from '../../proposal/contribution.ts';
import { storedName } from '../../stencils/secret.ts';
import type { ComposeVariable, StoredVariable } from './compose-service.ts';
import { type Field, fieldOf, itemsOf, pairsOf } from './fields.ts';
import { interpolate, shownText } from './interpolate.ts';
import { partsOf, positionOf, type Reading, remark, textOf } from './reading.ts';
import { parseVariables } from './variable-file.ts';

interface Owner {
  readonly service: string;
  readonly field: Field;
}

/** What a program finds in its environment: the files of `env_file`, and over them `environment`. */
export async function readEnvironment(
  { service, field }: Owner,
  reading: Reading,
  files: RepositoryFiles,
): Promise<readonly ComposeVariable[]> {
  const [file, own] = [fieldOf(field, 'env_file'), fieldOf(field, 'environment')];
  const all: ComposeVariable[] = [];
  for (const item of file === undefined ? [] : itemsOf(file))
    all.push(...(await fromFile(item, reading, files)));
  for (const [name, value] of own === undefined ? [] : pairsOf(own))
    all.push(...variableOf(name, value, service, reading));
  // The last of a name counts.
  return all.filter(({ name }, at) => all.findLastIndex(other => other.name === name) === at);
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

function variableOf(name: string, field: Field, service: string, reading: Reading): ComposeVariable[] {
  const at = positionOf(reading, field.path);
  if (!NAME.test(name)) {
    remark(reading, field.path, 'what is before the "=" is not the name of a variable, so it is left out');
    return [];
  }
  if (field.value !== null && typeof field.value === 'object') {
    remark(reading, field.path, `the value of ${quote(name)} is not a text, so it is left out`);
    return [];
  }
  // Without a value it is that of whoever calls Compose.
  const value = field.value ?? `\${${name}}`;
  const parts = partsOf(reading, { ...field, value }) ?? [];
  const stored = storedFor(name, shownText(parts), service, reading);
  const isRepeated = shownText(parts) !== shownText(interpolate(String(value), reading.settings));
  if (stored !== undefined || isRepeated) remarkOnSecret(reading, field, name);
  if (stored !== undefined) return [{ name, at, secret: secretOf(name, stored) }];
  const [only, ...more] = parts;
  if (only !== undefined && 'variable' in only && more.length === 0)
    return [{ name, at, secret: secretOf(only.variable, only.variable) }];
  return [{ name, at, value: parts }];
}

/** The name in the store of a literal that is a secret as a whole; the words of examples are passwords, too. */
function storedFor(name: string, text: string, service: string, { literals }: Reading): string | undefined {
  const isExample = /change|replace|^x+$|^\*+$/i.test(text) && looksSecret(name, 'x1');
  if (!looksSecret(name, text) && !isExample) return undefined;
  return literals.get(text) ?? storedName(service, name);
}

export function secretOf(variable: string, stored: string): StoredVariable {
  return { variable, stored, why: 'the compose file has it from outside, or as a secret', isFact: true };
}

function remarkOnSecret(reading: Reading, field: Field, name: string): void {
  remark(reading, field.path, `the value of ${quote(name)} looks like a secret, and was copied nowhere`, {
    kind: 'secret',
    remedy: 'replace it, and store it as config/secrets.yaml says',
  });
}

async function fromFile(item: Field, reading: Reading, files: RepositoryFiles): Promise<ComposeVariable[]> {
  const written = textOf(reading, fieldOf(item, 'path') ?? item);
  if (written === undefined) return [];
  const path = posix.normalize(written);
  const text = files.has(path) ? await files.readText(path) : undefined;
  if (text === undefined) {
    remark(
      reading,
      item.path,
      `${quote(written)} is not a file of the repository, so the variables that it sets are missing`,
      {
        remedy: 'write them into the stencil, and secrets into config/secrets.yaml',
      },
    );
    return [];
  }
  const { variables, openAt } = parseVariables(text);
  if (openAt !== undefined) reading.remarks.push(openRemark(path, openAt));
  return variables.map(({ name, value, line }) => {
    const at: Position = { path, line, column: 1 };
    return looksSecret(name, value)
      ? { name, at, secret: secretOf(name, name) }
      : { name, at, value: [{ text: value }] };
  });
}

/** Compose refuses such a file. */
export function openRemark(path: string, line: number): Remark {
  return {
    kind: 'unread',
    at: { path, line, column: 1 },
    message: 'the quotes of the value have no end, so it and what is behind it are left out',
    remedy: 'end them, and call slipway init again',
  };
}
