import { quote, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import type { OpenableFile } from './open-keys.ts';

/** https://github.com/getsops/sops/blob/v3.13.3/cmd/sops/codes/codes.go */
const CANNOT_GET_KEY = 128;
const CHANGED = [24, 25, 51, 52];

interface Reason {
  readonly said: RegExp;
  readonly code: SecretsErrorCode;
  readonly what: string;
  readonly remedy: string;
}

const reason = (said: RegExp, code: SecretsErrorCode, what: string, remedy: string): Reason => ({
  said,
  code,
  what,
  remedy,
});

const TRY_AGAIN = 'run the job again later';

/**
 * What the services behind the keys say, as sops passes it on. It is looked for and never repeated, as it may hold a part of a value.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors
 */
const REASONS: readonly Reason[] = [
  reason(
    /ExpiredToken|token.{0,40} expired|invalid_grant|AADSTS700024/i,
    'sops-key-refused',
    'the credentials of the step have expired',
    'log in again right before the step',
  ),
  reason(
    /failed to assume role/,
    'sops-key-refused',
    'the identity of the step may not assume the role of the key',
    "allow sts:AssumeRole in the role's trust policy",
  ),
  reason(
    /UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|AADSTS\d+|invalid_client|invalid token|Error 401/,
    'sops-key-refused',
    'the credentials of the step are not accepted',
    'check the login step before this one',
  ),
  reason(
    /Throttling|LimitExceeded|Error 429|RESPONSE 429|RESOURCE_EXHAUSTED|Code: 429|TooManyRequests/i,
    'sops-unanswered',
    'the service of the key takes no more requests for now',
    TRY_AGAIN,
  ),
  reason(
    /version is disallowed by policy/,
    'sops-key-refused',
    'the version of the key that the entry was encrypted with may not be used any more',
    'encrypt the file again with "sops updatekeys", or lower "min_decryption_version" of the key',
  ),
  reason(
    /DisabledException|KMSInvalidState|KeyDisabled|is not enabled|FAILED_PRECONDITION|DESTROYED|pending deletion|disabled/i,
    'sops-key-refused',
    'the key is disabled or deleted',
    'enable it, or encrypt the file for another one with "sops updatekeys"',
  ),
  reason(
    /IncorrectKey|InvalidCiphertext|invalid ciphertext|ciphertext is invalid|message authentication failed|INVALID_ARGUMENT|BadParameter/i,
    'sops-key-refused',
    'the entry was not encrypted with the key and the context that it names',
    'encrypt the file again with "sops updatekeys"',
  ),
  reason(
    /NotFoundException|KeyNotFound|Error 404|NOT_FOUND|encryption key not found|no handler for route|RESPONSE 404|Code: 404/,
    'sops-key-refused',
    'there is no such key',
    'check the region, the account and the name of the key on the line of "secrets"',
  ),
  reason(
    /AccessDenied|not authorized|PERMISSION_DENIED|Error 403|RESPONSE 403|Forbidden|permission denied|Code: 403/,
    'sops-key-refused',
    'the identity of the step may not decrypt with the key',
    'allow it in the policy of the key: kms:Decrypt, cloudkms.cryptoKeyVersions.useToDecrypt, keys/decrypt, or "update" on the decrypt path of transit',
  ),
  reason(
    /No secret key|Bad passphrase|pinentry|Inappropriate ioctl|no passphrase/i,
    'sops-key-refused',
    'gpg cannot use the secret key',
    'import it without a passphrase, or give the passphrase to gpg-agent in an earlier step',
  ),
  reason(
    /x509:|certificate/,
    'sops-unanswered',
    "the certificate of the key's service is not trusted",
    'set SSL_CERT_FILE on the runner, or vault-ca for Vault',
  ),
  reason(
    /sealed|Code: 503|Error 503|RESPONSE 503|ServiceUnavailable|InternalException|Internal(?:Server)?Error|Code: 50\d|Error 50\d/i,
    'sops-unanswered',
    'the service of the key is not available',
    TRY_AGAIN,
  ),
  reason(
    /dial tcp|i\/o timeout|no such host|connection re(?:fused|set)|EOF|deadline exceeded|proxyconnect|exceeded maximum number of attempts|request send failed|Client\.Timeout/,
    'sops-unanswered',
    'the service of the key does not answer',
    'check the network and the proxy of the runner, and run the job again',
  ),
];

/**
 * Why sops failed, in words of our own.
 * @param stderr what it wrote; it wraps lines and puts bars before them
 */
export function sopsFailure(
  exitCode: number,
  stderr: string,
  opened: OpenableFile,
): SlipwayError<SecretsErrorCode> {
  const name = quote(opened.file.path);
  if (exitCode === CANNOT_GET_KEY) return keyFailure(stderr.replace(/[\s|]+/g, ' '), name, opened);
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

function keyFailure(said: string, name: string, { keys }: OpenableFile): SlipwayError<SecretsErrorCode> {
  const others = keys.filter(({ word }) => word !== 'age');
  const ages = keys.filter(({ word }) => word === 'age').map(key => quote(key.name ?? ''));
  const known = others.length === 0 ? undefined : REASONS.find(({ said: pattern }) => pattern.test(said));
  const names = others.map(key => quote(`${key.word}=${key.name}`)).join(', ');
  if (known !== undefined)
    return problem(known.code, `${known.what}, so that ${name} cannot be opened with ${names}`, known.remedy);
  if (others.length > 0)
    return problem(
      'sops-failed',
      `sops cannot open ${name} with ${[names, ...ages].join(', ')}`,
      'try "sops decrypt" with the same identity on your own machine, which says why',
    );
  return problem(
    'sops-key-missing',
    `no key of the step opens ${name}, which is encrypted for ${ages.join(', ')}`,
    'give the key of one of these, or add the step\'s recipient with "sops updatekeys"',
  );
}

export function sopsNotInstalled(): SlipwayError<SecretsErrorCode> {
  return problem(
    'sops-not-installed',
    'the program "sops" is not on the runner, outside of the workspace',
    'install sops 3.10 or newer in an earlier step, into a folder of PATH that is not in the workspace',
  );
}

export function sopsUnanswered({ file }: OpenableFile, milliseconds: number): SlipwayError<SecretsErrorCode> {
  return problem(
    'sops-unanswered',
    `sops has been waiting for the service of a key of ${quote(file.path)} for ${milliseconds / 1000} s`,
    'check the network and the proxy of the runner, and run the job again',
  );
}

function problem(code: SecretsErrorCode, message: string, remedy: string): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({ code, message, remedy });
}
