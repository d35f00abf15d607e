import { describe, expect, it } from '@jest/globals';
import { parseDocument } from '@slipway/yaml';
import { parseAgeKeys } from '../src/sops/age-keys.ts';
import { withAgeKeysOnly } from '../src/sops/sops-file.ts';

const OTHER_KEYS = {
  kms: [{ arn: 'arn:aws:kms:eu-west-1:1:key/1', enc: 'x' }],
  gcp_kms: [{ resource_id: 'projects/a', enc: 'x' }],
  azure_kv: [{ vault_url: 'https://stranger.example', name: 'a', version: '1', enc: 'x' }],
  hc_vault: [{ vault_address: 'https://stranger.example', engine_path: 'a', key_name: 'b', enc: 'x' }],
  pgp: [{ fp: 'ABCD', enc: 'x' }],
  invented: [{ program: '/bin/sh' }],
};
const AGE = [
  {
    recipient: 'age1abc',
    enc: '-----BEGIN AGE ENCRYPTED FILE-----\nxyz\n-----END AGE ENCRYPTED FILE-----\n',
  },
];
const json = (metadata: object): string =>
  JSON.stringify({ a: 'ENC[…]', sops: metadata, b: 'ENC[…]' }, null, '\t');

describe('a SOPS file', () => {
  it('goes to sops with its age keys and without any other', () => {
    const { text, recipients, format } = withAgeKeysOnly(
      json({ ...OTHER_KEYS, age: AGE, mac: 'ENC[…]', version: '3.9.0' }),
      'a.json',
    );
    expect(format).toBe('json');
    expect(recipients).toEqual(['age1abc']);
    expect(JSON.parse(text)).toEqual({
      a: 'ENC[…]',
      sops: { age: AGE, mac: 'ENC[…]', version: '3.9.0' },
      b: 'ENC[…]',
    });
  });

  it('keeps the age keys of its groups', () => {
    const groups = [{ age: AGE, pgp: OTHER_KEYS.pgp }, { hc_vault: OTHER_KEYS.hc_vault }];
    const { text, recipients } = withAgeKeysOnly(json({ key_groups: groups, shamir_threshold: 1 }), 'a.json');
    expect(recipients).toEqual(['age1abc']);
    expect(JSON.parse(text).sops).toEqual({ key_groups: [{ age: AGE }], shamir_threshold: 1 });
  });

  it('in YAML keeps every byte but those of the metadata', () => {
    const before = '# a comment\nlist:\n    - ENC[a]\n"on":   ENC[b]   # another\n';
    const metadata =
      'sops:\n    kms:\n        - arn: x\n    age:\n        - recipient: age1abc\n          enc: |\n            one\n            two\n    lastmodified: "2026-11-21T05:05:06Z"\n';
    const { text } = withAgeKeysOnly(`${before}${metadata}after: ENC[c]\n`, 'a.yaml');
    expect(text.startsWith(before)).toBe(true);
    expect(parseDocument(text, 'a.yaml').value).toEqual({
      list: ['ENC[a]'],
      on: 'ENC[b]',
      sops: { age: [{ recipient: 'age1abc', enc: 'one\ntwo\n' }], lastmodified: '2026-11-21T05:05:06Z' },
      after: 'ENC[c]',
    });
  });

  it('in dotenv loses the lines of other keys', () => {
    const lines = [
      'A=ENC[a]',
      'sops_age__list_0__map_enc=x',
      'sops_age__list_0__map_recipient=age1abc',
      'sops_hc_vault__list_0__map_vault_address=https://stranger.example',
      'sops_key_groups__list_0__map_age__list_0__map_enc=y',
      'sops_key_groups__list_0__map_kms__list_0__map_arn=z',
      'sops_mac=ENC[m]',
      '',
    ];
    const { text, recipients } = withAgeKeysOnly(lines.join('\n'), 'a.env');
    expect(recipients).toEqual(['age1abc']);
    expect(text).toBe([...lines.slice(0, 3), lines[4], ...lines.slice(6)].join('\n'));
  });

  it.each([
    ['is not encrypted', '{"a": 1}', 'a.json', /is not encrypted by SOPS; encrypt it: sops encrypt/],
    ['is a dotenv file as it was', 'A=1\n', 'a.env', /is not encrypted by SOPS/],
    [
      'has no age key',
      json({ kms: OTHER_KEYS.kms }),
      'a.json',
      /is not encrypted for an age key; add the recipient/,
    ],
    ['is an INI file', '[sops]', 'a.ini', /is an INI file/],
    [
      'has its metadata twice',
      `{"sops": ${JSON.stringify(OTHER_KEYS)}, "sops": {"age": []}}`,
      'a.json',
      /contains a key twice/,
    ],
    [
      'has metadata under another spelling',
      `{"Sops": {}, "sops": {"age": []}}`,
      'a.json',
      /looks like "sops"/,
    ],
    ['has metadata under the old long s', `{"ſops": {}, "sops": {"age": []}}`, 'a.json', /looks like "sops"/],
  ])('that %s is refused', (_name, text, path, message) => {
    const read = (): unknown => withAgeKeysOnly(text, path);
    expect(read).toThrow(expect.objectContaining({ code: 'sops-file-invalid' }));
    expect(read).toThrow(message);
  });
});

describe('age keys', () => {
  const key = `AGE-SECRET-KEY-1${'Q'.repeat(58)}`;

  it('are read as age-keygen writes them', () => {
    expect(parseAgeKeys(`# created: today\n# public key: age1abc\n${key}\r\n\n${key}\n`)).toEqual([key, key]);
  });

  it.each([
    ['of a plugin, which would be a program to run', 'AGE-PLUGIN-YUBIKEY-1QQQQ'],
    ['that is a recipient', 'age1abc'],
    ['that is only a comment', '# nothing'],
  ])('refuse one %s', (_name, text) => {
    expect(() => parseAgeKeys(text)).toThrow(expect.objectContaining({ code: 'sops-key-invalid' }));
    expect(() => parseAgeKeys(text)).not.toThrow(new RegExp(text));
  });
});
