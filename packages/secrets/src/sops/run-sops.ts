import { type Exec, quote, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import type { SopsFile, SopsFormat } from './sops-file.ts';

export interface SopsProgram {
  readonly exec: Exec;
  /** Where programs are looked for: what is called sops may be a script of a version manager. */
  readonly path: string;
}

/** https://github.com/getsops/sops/blob/v3.13.3/cmd/sops/codes/codes.go */
const CANNOT_GET_KEY = 128;
const CHANGED = [24, 25, 51, 52];

/** Without a home and outside of every repository there is no configuration, no key file and no agent to be found. */
const NOWHERE = '/nonexistent';

/**
 * What a SOPS file holds, in memory only: the file goes in by standard input and comes out by standard output.
 * @throws SlipwayError `sops-not-installed`, `sops-key-missing`, `sops-changed`, `sops-failed`
 */
export async function runSops(
  file: SopsFile,
  path: string,
  output: SopsFormat,
  { exec, keys, path: programs }: SopsProgram & { readonly keys: readonly string[] },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const args = ['--config', '/dev/null', 'decrypt', '--input-type', file.format, '--output-type', output];
  const { exitCode } = await started(
    exec('sops', args, {
      cwd: '/',
      environment: {
        PATH: programs,
        HOME: NOWHERE,
        SOPS_AGE_KEY: keys.join('\n'),
        SOPS_DECRYPTION_ORDER: 'age',
      },
      input: file.text,
      onOutput: chunk => chunks.push(chunk),
    }),
  );
  if (exitCode !== 0) throw failure(exitCode, file, path);
  return Buffer.concat(chunks);
}

async function started<Result>(running: Promise<Result>): Promise<Result> {
  try {
    return await running;
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code !== 'command-not-found') throw error;
    throw problem(
      'sops-not-installed',
      'the program "sops" is not on the runner',
      'install sops 3.10 or newer in an earlier step',
    );
  }
}

/** What sops writes about it is not repeated: it may hold a part of a value. */
function failure(exitCode: number, { recipients }: SopsFile, path: string): SlipwayError<SecretsErrorCode> {
  const name = quote(path);
  if (exitCode === CANNOT_GET_KEY)
    return problem(
      'sops-key-missing',
      `no key in SOPS_AGE_KEY opens ${name}, which is encrypted for ${recipients.map(quote).join(', ')}`,
      'give the key of one of these, or add the step\'s recipient with "sops updatekeys"',
    );
  if (CHANGED.includes(exitCode))
    return problem(
      'sops-changed',
      `${name} was changed after it was encrypted: its MAC does not fit`,
      'restore it from Git and change it with "sops edit"',
    );
  return problem(
    'sops-failed',
    `sops cannot decrypt ${name} (exit code ${exitCode})`,
    'use sops 3.10 or newer, and try "sops decrypt" on your own machine',
  );
}

function problem(code: SecretsErrorCode, message: string, remedy: string): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({ code, message, remedy });
}
