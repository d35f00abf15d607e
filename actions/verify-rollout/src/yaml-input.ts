import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { quote, SlipwayError, type SourceDocument } from '@slipway/core';
import { decodeText, parseDocument } from '@slipway/yaml';
import type { VerifyErrorCode } from './error-codes.ts';

/**
 * An input that is YAML, or the path of a file with it.
 * @throws SlipwayError for a file that cannot be read, and for text that is no YAML
 */
export async function readYamlInput(name: string, input: string, workspace: string): Promise<SourceDocument> {
  if (!isPath(input)) return parseDocument(input, `input ${name}`);
  return parseDocument(await readText(name, input, workspace), input);
}

function isPath(input: string): boolean {
  return !input.includes('\n') && /\.(?:ya?ml|json)$/.test(input);
}

async function readText(name: string, path: string, workspace: string): Promise<string> {
  const bytes = await readFile(resolve(workspace, path)).catch((cause: unknown) => {
    throw new SlipwayError<VerifyErrorCode>(
      {
        code: 'input-file-missing',
        message: `the file ${quote(path)} of input ${quote(name)} cannot be read`,
        remedy: 'check the path, or write the YAML itself',
      },
      { cause },
    );
  });
  return decodeText(bytes, path);
}
