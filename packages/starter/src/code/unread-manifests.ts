import { quote } from '@slipway/core';
import type { RepositoryFiles } from '../look/repository-files.ts';
import { lastOf } from '../names/names.ts';
import type { Remark } from '../proposal/contribution.ts';
import { jsonFault } from './facts/json-fault.ts';
import { tomlFault } from './facts/toml-fault.ts';
import { mayBeProgram } from './find-programs.ts';

interface Format {
  readonly name: 'JSON' | 'TOML';
  /** Files of the format by which a program is known. */
  readonly manifests: readonly string[];
  faultIn(text: string): number | undefined;
  readonly outcome: string;
}

const FORMATS: readonly Format[] = [
  {
    name: 'JSON',
    manifests: ['package.json', 'composer.json'],
    faultIn: jsonFault,
    outcome: 'its program is left out',
  },
  {
    name: 'TOML',
    manifests: ['pyproject.toml', 'Cargo.toml'],
    faultIn: tomlFault,
    outcome: 'its program is left out, or lacks what it depends on',
  },
];
const BYTE_ORDER_MARK = /^\uFEFF/;

/** Names each manifest of a program that is not in its format, with the position at which it stops being that. */
export async function unreadManifests(files: RepositoryFiles): Promise<readonly Remark[]> {
  const found = await Promise.all(
    files.paths.filter(mayBeProgram).map(async path => {
      const format = FORMATS.find(({ manifests }) => manifests.includes(lastOf(path)));
      return format === undefined ? [] : await remarksOf(path, format, files);
    }),
  );
  return found.flat();
}

async function remarksOf(path: string, format: Format, files: RepositoryFiles): Promise<readonly Remark[]> {
  const text = (await files.readText(path))?.replace(BYTE_ORDER_MARK, '');
  const fault = text === undefined ? undefined : format.faultIn(text);
  return text === undefined || fault === undefined ? [] : [remark(path, text, fault, format)];
}

function remark(path: string, text: string, fault: number, { name, outcome }: Format): Remark {
  const before = text.slice(0, fault).split('\n');
  const why =
    fault === text.length ? 'it ends too early' : `${quote(text[fault] ?? '')} is not expected here`;
  return {
    kind: 'unread',
    at: { path, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
    message: `${quote(path)} is not ${name}: ${why}, so that ${outcome}`,
    remedy: 'correct it, and call slipway init again',
  };
}
