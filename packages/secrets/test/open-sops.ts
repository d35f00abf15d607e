import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openStores, parseAllowances, type ReferenceTo, readStoreSettings, storesOf } from '@slipway/secrets';
import { toolPath } from '@slipway/testbed';
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
  const environment = { PATH: await pathWithSops(), ...step.environment };
  // A key is listed for files, and the steps of tests name their files by themselves.
  const allowances = parseAllowances(['sops=*', ...lines]);
  const reader = {
    environment,
    allowances,
    text: (input: string) => inputs[input] ?? '',
    problem: (_input: string, message: string) => {
      throw new Error(message);
    },
    parse: <Result>(_input: string, parse: () => Result) => parse(),
  };
  const { exec, started } = recordingExec();
  const [masked, told] = [[] as string[], [] as string[]];
  const tell = (message: string) => void told.push(message);
  const surroundings = {
    environment,
    allowances,
    workspace: step.workspace ?? '/nonexistent',
    readFile: async (name: string) => Buffer.from(change(await readFile(join(folder, name), 'utf8'))),
    exec,
    idToken: () => Promise.reject(new Error('no token')),
    logger: { info: tell, warning: tell },
    mask: (secret: string) => void masked.push(secret),
    signal: AbortSignal.timeout(120_000),
  };
  const { sops: store } = await openStores(surroundings, readStoreSettings(reader, storesOf(allowances)));
  if (store === undefined) throw new Error('not opened');
  try {
    const bytes = await store.read({ from: 'sops', file, ...(key === undefined ? {} : { key }) });
    return { value: Buffer.from(bytes).toString(), started, masked, told };
  } finally {
    await store.close?.();
  }
}

/** PATH as a step has it that installed sops. */
export async function pathWithSops(): Promise<string> {
  return [dirname(await toolPath('sops')), process.env['PATH']].join(delimiter);
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
