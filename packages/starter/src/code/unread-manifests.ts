import { quote } from '@slipway/core';
import type { RepositoryFiles } from '../look/repository-files.ts';
import { lastOf } from '../names/names.ts';
import type { Remark } from '../proposal/contribution.ts';
import { jsonFault } from './facts/json-fault.ts';
import { mayBeProgram } from './find-programs.ts';

/** Files in JSON by which a program is known. */
const MANIFESTS = ['package.json', 'composer.json'];
const BYTE_ORDER_MARK = /^\uFEFF/;

/** Names each of these files that is not JSON, so that its program is not seen, with the position at which it stops being JSON. */
export async function unreadManifests(files: RepositoryFiles): Promise<readonly Remark[]> {
  const paths = files.paths.filter(path => MANIFESTS.includes(lastOf(path)) && mayBeProgram(path));
  const found = await Promise.all(
    paths.map(async path => {
      const text = (await files.readText(path))?.replace(BYTE_ORDER_MARK, '');
      const fault = text === undefined ? undefined : jsonFault(text);
      return text === undefined || fault === undefined ? [] : [remark(path, text, fault)];
    }),
  );
  return found.flat();
}

function remark(path: string, text: string, fault: number): Remark {
  const before = text.slice(0, fault).split('\n');
  const why =
    fault === text.length ? 'it ends too early' : `${quote(text[fault] ?? '')} is not expected here`;
  return {
    kind: 'unread',
    at: { path, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
    message: `${quote(path)} is not JSON: ${why}, so that its program is left out`,
    remedy: 'correct it, and call slipway init again',
  };
}
