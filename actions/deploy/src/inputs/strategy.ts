import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseStrategy, quote, SlipwayError, type Strategy, throwIfAny } from '@slipway/core';
import { decodeText, duplicateKeyProblem, parseDocument } from '@slipway/yaml';
import type { DeployErrorCode } from '../error-codes.ts';

/**
 * The strategy of the input: YAML, or the path of a file with it; nothing where it was not given.
 * @throws SlipwayError for a file that cannot be read, text that is not YAML, a key that is there twice, and every problem of the strategy
 */
export async function readStrategy(
  text: string | undefined,
  { workspace }: { readonly workspace: string },
): Promise<{ readonly strategy?: Strategy }> {
  if (text === undefined) return {};
  const isPath = !text.includes('\n') && /\.(?:ya?ml|json)$/.test(text);
  const document = isPath
    ? parseDocument(await readText(text, workspace), text)
    : parseDocument(text, 'input strategy');
  throwIfAny(document.duplicateKeys.map(duplicateKeyProblem));
  return { strategy: parseStrategy(document) };
}

async function readText(path: string, workspace: string): Promise<string> {
  const bytes = await readFile(resolve(workspace, path)).catch((cause: unknown) => {
    throw new SlipwayError<DeployErrorCode>(
      {
        code: 'strategy-missing',
        message: `the file ${quote(path)} of input "strategy" cannot be read`,
        remedy: 'check the path, or write the YAML itself',
      },
      { cause },
    );
  });
  return decodeText(bytes, path);
}
