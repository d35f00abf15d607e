import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type Check,
  Problems,
  parseChecks,
  parseStatusRules,
  quote,
  type Release,
  SlipwayError,
  type SourceDocument,
  type StatusRule,
  throwIfAny,
} from '@slipway/core';
import { decodeText, duplicateKeyProblem, parseDocument } from '@slipway/yaml';
import type { VerifyErrorCode } from '../error-codes.ts';
import type { Inputs } from '../inputs.ts';

/** What the inputs and the formation declare besides times. */
export interface Declared {
  readonly checks: readonly Check[];
  readonly rules: readonly StatusRule[];
}

/**
 * The checks and rules of the inputs.
 * @throws SlipwayError for every problem of the inputs
 */
export async function readOwn(
  { checks, statusRules }: Pick<Inputs, 'checks' | 'statusRules'>,
  workspace: string,
): Promise<Declared> {
  const problems = new Problems();
  const ownChecks = await problems.collect(async () =>
    checks === '' ? [] : parseChecks(await readYamlInput('checks', checks, workspace)),
  );
  const ownRules = await problems.collect(async () =>
    statusRules === '' ? [] : parseStatusRules(await readYamlInput('status-rules', statusRules, workspace)),
  );
  problems.throwIfAny();
  return { checks: ownChecks ?? [], rules: ownRules ?? [] };
}

/** What the `verify` block declares that the release was deployed with, and the inputs, each of which replaces one of the same name or kind. */
export function declaredBy(own: Declared, verify: Release['verify']): Declared {
  const names = new Set(own.checks.map(({ name }) => name));
  const kinds = new Set(own.rules.map(kindOf));
  return {
    checks: [...(verify?.checks ?? []).filter(({ name }) => !names.has(name)), ...own.checks],
    rules: [...(verify?.status ?? []).filter(rule => !kinds.has(kindOf(rule))), ...own.rules],
  };
}

function kindOf({ group, kind }: StatusRule): string {
  return `${group}/${kind}`;
}

/**
 * An input that is YAML, or the path of a file with it.
 * @throws SlipwayError for a file that cannot be read, for text that is not YAML, and for a key that is there twice
 */
async function readYamlInput(name: string, input: string, workspace: string): Promise<SourceDocument> {
  const document = isPath(input)
    ? parseDocument(await readText(name, input, workspace), input)
    : parseDocument(input, `input ${name}`);
  throwIfAny(document.duplicateKeys.map(duplicateKeyProblem));
  return document;
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
