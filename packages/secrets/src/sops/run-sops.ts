import { type Exec, SlipwayError } from '@slipway/core';
import { withPatience } from '../programs/patience.ts';
import { programOutside } from '../programs/program-outside.ts';
import type { Variables } from './identities/identity.ts';
import type { OpenableFile } from './open-keys.ts';
import { sopsFailure, sopsNotInstalled, sopsUnanswered } from './sops-failure.ts';
import type { SopsFormat } from './sops-file.ts';

export interface SopsProgram {
  readonly exec: Exec;
  readonly environment: Variables;
  /** Absolute; the program is not taken from there, as a commit could have brought it. */
  readonly workspace: string;
  /** Milliseconds after which it is given up: it waits for a network. */
  readonly patience: number;
}

/**
 * What a SOPS file holds, in memory only: the file goes in by standard input and comes out by standard output.
 * @throws SlipwayError `sops-not-installed`, `sops-key-missing`, `sops-key-refused`, `sops-unanswered`, `sops-changed`, `sops-failed`
 */
export async function runSops(
  opened: OpenableFile,
  output: SopsFormat,
  { exec, environment, workspace, patience }: SopsProgram,
): Promise<Buffer> {
  const program = await programOutside('sops', environment['PATH'] ?? '', workspace);
  if (program === undefined) throw sopsNotInstalled();
  const chunks: Uint8Array[] = [];
  const { format } = opened.file;
  const args = ['--config', '/dev/null', 'decrypt', '--input-type', format, '--output-type', output];
  const { exitCode, stderr } = await withPatience(
    started(
      exec(program, args, {
        cwd: '/',
        environment,
        input: opened.text,
        onOutput: chunk => chunks.push(chunk),
      }),
    ),
    patience,
    () => sopsUnanswered(opened, patience),
  );
  if (exitCode !== 0) throw sopsFailure(exitCode, stderr, opened);
  return Buffer.concat(chunks);
}

async function started<Result>(running: Promise<Result>): Promise<Result> {
  try {
    return await running;
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code !== 'command-not-found') throw error;
    throw sopsNotInstalled();
  }
}
