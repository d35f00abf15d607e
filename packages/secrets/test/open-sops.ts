import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { silentLogger } from '@slipway/core';
import { parseAllowances, type ReferenceTo, type SettingsReader } from '@slipway/secrets';
import { toolPath } from '@slipway/testbed';
import { sopsStoreKind } from '../src/sops/sops-store-kind.ts';
import { recordingExec } from './exec.ts';

/** A step that opens SOPS files of a folder. */
export interface SopsStep {
  readonly folder: string;
  /** The input `secrets`. */
  readonly lines: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly workspace?: string;
  readonly change?: (text: string) => string;
}

/** What a step reads, what it started, and what it masked. */
export async function openSops(step: SopsStep, file: string, key?: ReferenceTo<'sops'>['key']) {
  const { folder, lines, inputs = {}, change = text => text } = step;
  const environment = { PATH: process.env['PATH'], ...step.environment };
  const reader: SettingsReader = {
    environment,
    allowances: parseAllowances(lines),
    text: input => inputs[input] ?? '',
    problem: (_input, message) => {
      throw new Error(message);
    },
    parse: (_input, parse) => parse(),
  };
  const { exec, started } = recordingExec(await toolPath('sops'));
  const masked: string[] = [];
  const surroundings = {
    environment,
    workspace: step.workspace ?? '/nonexistent',
    readFile: async (name: string) => Buffer.from(change(await readFile(join(folder, name), 'utf8'))),
    exec,
    idToken: () => Promise.reject(new Error('no token')),
    logger: silentLogger,
    mask: (secret: string) => void masked.push(secret),
    signal: AbortSignal.timeout(120_000),
  };
  const store = await sopsStoreKind.open(surroundings, sopsStoreKind.readSettings(reader, true));
  if (store === undefined) throw new Error('not opened');
  try {
    const bytes = await store.read({ from: 'sops', file, ...(key === undefined ? {} : { key }) });
    return { value: Buffer.from(bytes).toString(), started, masked };
  } finally {
    await store.close?.();
  }
}

/** Writes a file as `sops encrypt` makes it, while this process may answer what sops asks. */
export async function encryptSops(
  path: string,
  content: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  more: { readonly config?: string } = {},
): Promise<void> {
  await writeFile(path, content);
  const { config = '/dev/null' } = more;
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', ...environment };
  await promisify(execFile)(
    await toolPath('sops'),
    ['--config', config, 'encrypt', ...args, '--in-place', path],
    { env },
  );
}
