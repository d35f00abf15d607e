import type { Exec } from '@slipway/core';
import type { Variables } from './identities/identity.ts';
import type { SopsKey } from './metadata.ts';
import { recipientsOfMessage } from './pgp-message.ts';

/**
 * Which PGP keys of a file are what they say: gpg opens a message with whatever key of its ring fits, so that the fingerprint beside the
 * message has to be that of the key.
 * https://github.com/gpg/gnupg/blob/gnupg-2.2.40/doc/DETAILS (the fields of a listing)
 */
export async function honestPgpKeys(
  keys: readonly SopsKey[],
  exec: Exec,
  environment: Variables,
): Promise<ReadonlySet<SopsKey>> {
  const honest = new Set<SopsKey>();
  for (const key of keys) {
    const { enc } = key.entry;
    const recipients = typeof enc === 'string' ? recipientsOfMessage(enc) : undefined;
    const own = await keyIds(key.name ?? '', exec, environment);
    if (recipients?.every(id => own.includes(id))) honest.add(key);
  }
  return honest;
}

async function keyIds(fingerprint: string, exec: Exec, environment: Variables): Promise<string[]> {
  const args = ['--batch', '--no-tty', '--with-colons', '--list-secret-keys', fingerprint];
  const listing: Uint8Array[] = [];
  const onOutput = (chunk: Uint8Array) => void listing.push(chunk);
  const { exitCode } = await exec('gpg', args, { cwd: '/', environment, onOutput });
  if (exitCode !== 0) return [];
  const records = Buffer.concat(listing)
    .toString('utf8')
    .split('\n')
    .map(line => line.split(':'));
  return records.flatMap(([type, , , , id]) => ((type === 'sec' || type === 'ssb') && id ? [id] : []));
}
