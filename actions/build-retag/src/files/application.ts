import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import {
  type Application,
  type Position,
  type Problem,
  parseApplication,
  quote,
  SlipwayError,
  type SourceDocument,
  throwIfAny,
} from '@slipway/core';
import { decodeText, parseDocument, type YamlDocument } from '@slipway/yaml';
import type { BuildRetagErrorCode } from '../error-codes.ts';

/** slipway.yaml and its path. */
export interface ApplicationFile {
  readonly application: Application;
  readonly document: SourceDocument;
  /** The folder of the file, absolute. */
  readonly directory: string;
}

/** @throws SlipwayError `application-missing`, or with every problem of the file */
export async function readApplication(workspace: string, path: string): Promise<ApplicationFile> {
  const file = await realpath(join(workspace, path)).catch(() => undefined);
  const root = await realpath(workspace);
  if (file === undefined || !file.startsWith(`${root}${sep}`)) throw missing(path);
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) throw missing(path);
  const shown = relative(root, file).replaceAll(sep, '/');
  const document = parseDocument(decodeText(bytes, shown), shown);
  refuseDuplicateKeys(document);
  return { application: parseApplication(document), document, directory: dirname(join(workspace, path)) };
}

/** Where the file says that a service is built or retagged. */
export function servicePosition({ document }: ApplicationFile, service: string): Position {
  return document.keyPositionOf(['spec', 'services', service]);
}

/** With two values for one key, a reader of the file and Slipway might each use the other one. */
function refuseDuplicateKeys({ duplicateKeys }: YamlDocument): void {
  throwIfAny<BuildRetagErrorCode>(
    duplicateKeys.map(({ key, at }): Problem<BuildRetagErrorCode> => {
      const message = `this map has the key ${quote(key)} twice`;
      return { code: 'application-ambiguous', at, message, remedy: 'remove one of them' };
    }),
  );
}

function missing(path: string): SlipwayError<BuildRetagErrorCode> {
  return new SlipwayError({
    code: 'application-missing',
    message: `there is no file ${quote(path)} in the workspace`,
    remedy: 'check out the repository before this step, or correct the input "application"',
  });
}
