import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import {
  type Application,
  type Position,
  parseApplication,
  quote,
  SlipwayError,
  type SourceDocument,
  throwIfAny,
} from '@slipway/core';
import { decodeText, duplicateKeyProblem, parseDocument } from '@slipway/yaml';
import type { BuildRetagErrorCode } from '../error-codes.ts';

/** slipway.yaml and its path. */
export interface ApplicationFile {
  readonly application: Application;
  readonly document: SourceDocument;
  /** The folder of the file, absolute. */
  readonly directory: string;
}

/** @throws SlipwayError `file-missing`, or with every problem of the file */
export async function readApplication(workspace: string, path: string): Promise<ApplicationFile> {
  const file = await realpath(join(workspace, path)).catch(() => undefined);
  const root = await realpath(workspace);
  if (file === undefined || !file.startsWith(`${root}${sep}`)) throw missing(path);
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) throw missing(path);
  const shown = relative(root, file).replaceAll(sep, '/');
  const document = parseDocument(decodeText(bytes, shown), shown);
  throwIfAny(document.duplicateKeys.map(duplicateKeyProblem));
  return { application: parseApplication(document), document, directory: dirname(join(workspace, path)) };
}

/** Where the file says that a service is built or retagged. */
export function servicePosition({ document }: ApplicationFile, service: string): Position {
  return document.keyPositionOf(['spec', 'services', service]);
}

function missing(path: string): SlipwayError<BuildRetagErrorCode> {
  return new SlipwayError({
    code: 'file-missing',
    message: `there is no file ${quote(path)} in the workspace`,
    remedy: 'check out the repository before this step, or correct the input "application"',
  });
}
