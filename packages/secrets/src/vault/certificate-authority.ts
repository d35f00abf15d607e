import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { quote, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';

const PEM = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/;

/**
 * @param given PEM, or the path of a file that contains it; empty for none
 * @throws SlipwayError `certificate-unreadable`
 */
export async function readCertificateAuthority(given: string, workspace: string): Promise<string> {
  if (given === '' || PEM.test(given)) return given;
  let text: string;
  try {
    text = await readFile(resolve(workspace, given), 'utf8');
  } catch (cause) {
    throw certificateUnreadable(given, 'cannot be read', cause);
  }
  if (PEM.test(text)) return text;
  throw certificateUnreadable(given, 'does not contain a certificate');
}

function certificateUnreadable(path: string, what: string, cause?: unknown): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>(
    {
      code: 'certificate-unreadable',
      message: `the file ${quote(path)} of input "vault-ca" ${what}`,
      remedy: 'give its path, or the certificate itself in PEM',
    },
    { cause },
  );
}
