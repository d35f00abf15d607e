import { describe, expect, it } from '@jest/globals';
import { allowanceEntries, parseAllowances, riskyLines, storesOf } from '@slipway/secrets';
import { SOPS_KEY_WORDS, sopsKeyKind } from '../src/sops/key-kinds.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const ROLE = 'arn:aws:iam::111122223333:role/shop/deploy';
const GOOGLE = 'projects/shop-1/locations/europe-west3/keyRings/sops/cryptoKeys/production';
const FINGERPRINT = '0123456789ABCDEF0123456789ABCDEF01234567';
const VAULT = new URL('https://vault.acme.io:8200');

const nameOf = (line: string): string | undefined => parseAllowances([line])[0]?.name;

describe('a line that names a key of SOPS files', () => {
  it.each(SOPS_KEY_WORDS)('%s has an example that is accepted', word => {
    const { example } = sopsKeyKind(word);
    expect(parseAllowances([example])).toEqual([{ store: word, name: example.slice(word.length + 1) }]);
  });

  it('has one way to be written', () => {
    const line = `sops-kms= ${KEY}   context=b:2,a:1  role=${ROLE}`;
    expect(nameOf(line)).toBe(`${KEY} role=${ROLE} context=a:1,b:2`);
    expect(nameOf('sops-azure=Shop.Vault.Azure.Net/SOPS')).toBe('shop.vault.azure.net/sops');
    expect(nameOf(`sops-pgp=${FINGERPRINT.toLowerCase()}`)).toBe(FINGERPRINT);
  });

  it.each([
    'sops-kms=arn:aws:kms:*:111122223333:key/1',
    'sops-kms=arn:aws:kms:eu-central-1:*:key/1',
    'sops-kms=arn:aws:kms:eu-central-1:111122223333:key/*',
    'sops-kms=arn:aws:kms:eu-central-1.evil.example/:111122223333:key/1',
    'sops-kms=arn:aws:kms:eu-central-1:1:key/1',
    'sops-kms=1234abcd-12ab-34cd-56ef-1234567890ab',
    'sops-kms=alias/shop',
    `sops-kms=${KEY} context=app`,
    `sops-kms=${KEY} context=app:*`,
    `sops-kms=${KEY} context=app:a,app:b`,
    `sops-kms=${KEY} context=`,
    `sops-kms=${KEY} role=`,
    `sops-kms=${KEY} role=admin`,
    `sops-kms=${KEY} profile=admin`,
    `sops-kms=${KEY} role=${ROLE} role=${ROLE}`,
    `sops-gcp=${GOOGLE}/cryptoKeyVersions/1`,
    'sops-gcp=projects/*/locations/global/keyRings/sops/cryptoKeys/a',
    'sops-azure=evil.example/sops',
    'sops-azure=*.vault.azure.net/sops',
    'sops-azure=shop.vault.azure.net.evil.example/sops',
    'sops-azure=shop.vault.azure.net/sops/version',
    'sops-transit=transit',
    'sops-transit=transit/*',
    'sops-transit=transit/../sys/x',
    'sops-transit=https://vault/v1/transit/keys/a',
    'sops-pgp=01234567',
    'sops-pgp=',
  ])('does not take %s', line => {
    expect(() => parseAllowances([line])).toThrow(
      expect.objectContaining({ code: 'secret-allowance-invalid' }),
    );
  });

  it('may have commas in its context, and no other line may', () => {
    const text = `# keys\nenv=A, env=B\nsops-kms=${KEY} context=a:1,b:2\r\n\nsops=x/*`;
    expect(allowanceEntries(text)).toEqual(['env=A', 'env=B', `sops-kms=${KEY} context=a:1,b:2`, 'sops=x/*']);
  });

  it('needs Vault if it is of transit, and is not a store itself', () => {
    const lines = parseAllowances(['sops=a/*', 'sops-transit=transit/a', `sops-pgp=${FINGERPRINT}`]);
    expect([...storesOf(lines)]).toEqual(['sops', 'vault']);
  });

  it('is warned of if a key of AWS has no context', () => {
    expect(riskyLines(parseAllowances([`sops-kms=${KEY}`, `sops-kms=${KEY} context=a:1`]))).toEqual([
      expect.stringContaining('has no context'),
    ]);
  });
});

describe('an entry of a file', () => {
  const arn = KEY;

  it.each<[string, keyof typeof names, object, string | undefined]>([
    ['a key of AWS', 'sops-kms', { arn, role: '', aws_profile: '' }, KEY],
    [
      'a role and a context',
      'sops-kms',
      { arn, role: ROLE, context: { b: '2', a: '1' } },
      `${KEY} role=${ROLE} context=a:1,b:2`,
    ],
    ['a profile', 'sops-kms', { arn, aws_profile: 'admin' }, undefined],
    ['a context that is not of texts', 'sops-kms', { arn, context: { a: 1 } }, undefined],
    ['a context that reads like two', 'sops-kms', { arn, context: { a: '1,b:2' } }, undefined],
    ['a role in the ARN, as the command line has it', 'sops-kms', { arn: `${arn}+${ROLE}` }, undefined],
    ['a key of Google', 'sops-gcp', { resource_id: GOOGLE }, GOOGLE],
    [
      'a key of Azure',
      'sops-azure',
      { vault_url: 'https://Shop.vault.azure.net/', name: 'sops', version: 'ab01' },
      'shop.vault.azure.net/sops',
    ],
    ['a port', 'sops-azure', { vault_url: 'https://shop.vault.azure.net:8443', name: 'sops' }, undefined],
    ['plain HTTP', 'sops-azure', { vault_url: 'http://shop.vault.azure.net', name: 'sops' }, undefined],
    [
      'a version that is a path',
      'sops-azure',
      { vault_url: 'https://shop.vault.azure.net', name: 'sops', version: '../x' },
      undefined,
    ],
    [
      'a key of transit',
      'sops-transit',
      { vault_address: 'https://vault.acme.io:8200/', engine_path: 'team/transit', key_name: 'shop' },
      'team/transit/shop',
    ],
    [
      'a key with a slash',
      'sops-transit',
      { vault_address: 'https://vault.acme.io:8200', engine_path: 'transit', key_name: 'a/shop' },
      undefined,
    ],
    [
      'another Vault',
      'sops-transit',
      { vault_address: 'https://vault.acme.io', engine_path: 'transit', key_name: 'shop' },
      undefined,
    ],
    [
      'credentials in the address',
      'sops-transit',
      { vault_address: 'https://a:b@vault.acme.io:8200', engine_path: 'transit', key_name: 'shop' },
      undefined,
    ],
    ['a short fingerprint', 'sops-pgp', { fp: 'ABCDEF01' }, undefined],
    ['a PGP key', 'sops-pgp', { fp: FINGERPRINT.toLowerCase() }, FINGERPRINT],
  ])('with %s has the name that a line would have, if any', (_name, word, entry, expected) => {
    expect(names[word](entry as never, VAULT)).toBe(expected);
  });
});

const names = {
  'sops-kms': sopsKeyKind('sops-kms').nameOfEntry,
  'sops-gcp': sopsKeyKind('sops-gcp').nameOfEntry,
  'sops-azure': sopsKeyKind('sops-azure').nameOfEntry,
  'sops-transit': sopsKeyKind('sops-transit').nameOfEntry,
  'sops-pgp': sopsKeyKind('sops-pgp').nameOfEntry,
};
