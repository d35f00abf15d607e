import { quote, SlipwayError, valueAt } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import { isEncrypted, type SopsFile, scalarsOf } from './sops-file.ts';

/**
 * A file with `mac_only_encrypted` does not say whether someone changed its other values. One that sops gives back as it is in the file
 * was not encrypted either, whatever it looks like, and neither was one that still looks encrypted.
 * @throws SlipwayError `sops-unauthenticated`
 */
export function refuseUnencrypted(file: SopsFile, path: readonly string[], decrypted: string): void {
  if (!isMacPartial(file)) return;
  const stored = valueAt(file.tree, file.format === 'dotenv' ? [path.join('.')] : path);
  if (!isEncrypted(stored) || stored === decrypted || isEncrypted(decrypted))
    throw unauthenticated(file.path, path.join('.'));
}

/** The same for each value of a file that is read as a whole. @throws SlipwayError `sops-unauthenticated` */
export function refuseUnauthenticated(file: SopsFile, content: Buffer): void {
  if (!isMacPartial(file)) return;
  for (const [path, stored] of scalarsOf(file.tree)) {
    const isEmpty = stored === null || stored === '';
    const isKept = isEncrypted(stored) && content.includes(String(stored));
    if ((!isEmpty && !isEncrypted(stored)) || isKept) throw unauthenticated(file.path, path.join('.'));
  }
}

/** In a dotenv file every value is a text. */
function isMacPartial({ metadata: { mac_only_encrypted: flag } }: SopsFile): boolean {
  return flag !== undefined && String(flag).toLowerCase() !== 'false';
}

function unauthenticated(path: string, key: string): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({
    code: 'sops-unauthenticated',
    message: `${quote(key)} of ${quote(path)} is not encrypted, and its MAC covers encrypted values only ("mac_only_encrypted")`,
    remedy: 'encrypt this value, or encrypt the file without "mac_only_encrypted"',
  });
}
