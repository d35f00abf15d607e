import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import { isOutside } from '../programs/program-outside.ts';

/** The file of a federated token, as a variable names it. */
export interface TokenFile {
  readonly variable: string;
  readonly path: string;
}

/**
 * @param workspace absolute; a token of the repository is of whoever wrote that
 * @param code of the error, where the token is not for a store
 * @returns the token, and the absolute path of its file
 * @throws SlipwayError for a file in the workspace, an empty one, and one that cannot be read
 */
export async function readTokenFile(
  { variable, path }: TokenFile,
  workspace: string,
  code: SecretsErrorCode = 'cloud-login-refused',
): Promise<{ readonly token: string; readonly path: string }> {
  const absolute = resolve(workspace, path);
  const what = `the file ${quote(path)} of ${variable}`;
  if (!(await isOutside(absolute, workspace)))
    throw refused(
      code,
      `${what} is in the workspace, where a commit could have brought it`,
      'let the login write it to another folder, such as RUNNER_TEMP',
    );
  const text = await readFile(absolute, 'utf8').catch(() => undefined);
  const token = text?.trim() ?? '';
  if (token !== '') return { token, path: absolute };
  throw refused(
    code,
    `${what} ${text === undefined ? 'cannot be read' : 'is empty'}`,
    'check the service account of the runner',
  );
}

function refused(code: SecretsErrorCode, message: string, remedy: string): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({ code, message, remedy });
}
