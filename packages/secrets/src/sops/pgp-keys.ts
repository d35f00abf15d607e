import { SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import { withPatience } from '../programs/patience.ts';
import { programOutside } from '../programs/program-outside.ts';
import type { StoreSurroundings } from '../store.ts';
import type { Variables } from './identities/identity.ts';
import type { SopsKey } from './metadata.ts';
import { recipientsOfMessage } from './pgp-message.ts';

type Surroundings = Pick<StoreSurroundings, 'environment' | 'exec' | 'workspace'>;

/** Milliseconds: gpg waits for an agent or a keyboxd, which may never answer. */
const PATIENCE = 30_000;

/**
 * Which PGP keys of a file are what they say: gpg opens a message with whatever key of its ring fits, so that the fingerprint beside the
 * message has to be that of the key.
 * https://github.com/gpg/gnupg/blob/gnupg-2.2.40/doc/DETAILS (the fields of a listing)
 * @param variables where the key ring is
 * @throws SlipwayError `sops-unanswered`
 */
export async function honestPgpKeys(
  keys: readonly SopsKey[],
  surroundings: Surroundings,
  variables: Variables,
  patience = PATIENCE,
): Promise<ReadonlySet<SopsKey>> {
  const honest = new Set<SopsKey>();
  for (const key of keys) {
    const { enc } = key.entry;
    const recipients = typeof enc === 'string' ? recipientsOfMessage(unescaped(enc)) : undefined;
    const running = keyIds(key.name ?? '', surroundings, variables);
    const own = await withPatience(running, patience, () => unanswered(patience));
    if (recipients?.every(id => own.includes(id))) honest.add(key);
  }
  return honest;
}

/** A dotenv file has a message on one line, with `\n` where a line ends: https://github.com/getsops/sops/blob/v3.13.3/stores/dotenv/store.go */
function unescaped(message: string): string {
  return message.includes('\n') ? message : message.replaceAll('\\n', '\n');
}

async function keyIds(
  fingerprint: string,
  { environment, exec, workspace }: Surroundings,
  variables: Variables,
): Promise<string[]> {
  const PATH = environment['PATH'] ?? '';
  const gpg = await programOutside('gpg', PATH, workspace);
  if (gpg === undefined) return [];
  const args = ['--batch', '--no-tty', '--with-colons', '--list-secret-keys', fingerprint];
  const listing: Uint8Array[] = [];
  const onOutput = (chunk: Uint8Array) => void listing.push(chunk);
  const { exitCode } = await exec(gpg, args, { cwd: '/', environment: { PATH, ...variables }, onOutput });
  if (exitCode !== 0) return [];
  const records = Buffer.concat(listing)
    .toString('utf8')
    .split('\n')
    .map(line => line.split(':'));
  return records.flatMap(([type, , , , id]) => ((type === 'sec' || type === 'ssb') && id ? [id] : []));
}

function unanswered(milliseconds: number): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({
    code: 'sops-unanswered',
    message: `gpg has not said which secret keys it has for ${milliseconds / 1000} s`,
    remedy: 'end an agent of gpg that does not answer ("gpgconf --kill all"), and run the job again',
  });
}
