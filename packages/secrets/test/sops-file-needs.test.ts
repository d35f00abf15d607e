import { expect, it } from '@jest/globals';
import { sopsFileNeeds } from '@slipway/secrets';

const FINGERPRINT = 'ab'.repeat(20);
const transit = (address: string, key: string) => ({
  ...{ vault_address: address, engine_path: 'transit', key_name: key, enc: 'x' },
});

const needsOf = (metadata: object) =>
  sopsFileNeeds(JSON.stringify({ a: 'ENC[x]', sops: { mac: 'ENC[x]', ...metadata } }), 'a.json');

it.each<[string, object, readonly string[], readonly string[]]>([
  ['an age key', { age: [{ recipient: 'age1x', enc: 'x' }] }, [], ['SOPS_AGE_KEY']],
  [
    'age and SSH keys',
    { age: [{ recipient: 'age1x' }, { recipient: 'ssh-rsa AAAA' }, { recipient: 'age1y' }] },
    [],
    ['SOPS_AGE_KEY', 'SOPS_AGE_SSH_PRIVATE_KEY'],
  ],
  ['a PGP key', { pgp: [{ fp: FINGERPRINT, enc: 'x' }] }, [`sops-pgp=${FINGERPRINT.toUpperCase()}`], []],
  [
    'keys of several groups, and of several Vaults',
    {
      shamir_threshold: 2,
      key_groups: [
        { hc_vault: [transit('https://vault.acme.io:8200', 'a')] },
        { hc_vault: [transit('http://localhost:8200', 'b')], pgp: [{ fp: FINGERPRINT, enc: 'x' }] },
      ],
    },
    [`sops-pgp=${FINGERPRINT.toUpperCase()}`, 'sops-transit=transit/a', 'sops-transit=transit/b'],
    [],
  ],
  [
    'keys that no line can name',
    {
      kms: [{ arn: 'arn:aws:kms:eu-central-1:111122223333:key/1', aws_profile: 'admin', enc: 'x' }],
      hc_vault: [transit('not an address', 'a')],
      azure_kv: ['x'],
      gcp_kms: 7,
    },
    [],
    [],
  ],
])('a file that is encrypted for %s says what opens it', (_name, metadata, lines, variables) => {
  expect(needsOf(metadata)).toEqual({ lines, variables });
});
