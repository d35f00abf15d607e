import { describe, expect, it } from '@jest/globals';
import { parseDocument } from '@slipway/yaml';
import { parseAgeKeys, parseSshKey } from '../src/sops/age-keys.ts';
import { openableFile, type SopsAccess } from '../src/sops/open-keys.ts';
import { parseSopsFile } from '../src/sops/sops-file.ts';

const ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1';
const OTHER_KEYS = {
  kms: [{ arn: ARN, enc: 'x' }],
  gcp_kms: [{ resource_id: 'projects/a', enc: 'x' }],
  azure_kv: [{ vault_url: 'https://stranger.example', name: 'a', version: '1', enc: 'x' }],
  hc_vault: [{ vault_address: 'https://stranger.example', engine_path: 'a', key_name: 'b', enc: 'x' }],
  pgp: [{ fp: 'ABCD', enc: 'x' }],
  hckms: [{ key_id: 'eu:1', enc: 'x' }],
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

/** A step with an age key, and with identities for whatever is listed. */
function access(lines: readonly string[] = [], vault?: string): SopsAccess {
  return {
    age: { keys: ['AGE-SECRET-KEY-1'] },
    isListed: (word, name) => lines.includes(`${word}=${name}`),
    vault: vault === undefined ? undefined : new URL(vault),
    identityOf: async word => (word === 'sops-gcp' ? undefined : { [word]: 'identity' }),
    honestKeys: async keys => new Set(keys),
  };
}

async function openable(text: string, path: string, own = access()) {
  const { text: rest, keys, variables } = await openableFile(parseSopsFile(text, path), own);
  return { text: rest, names: keys.map(({ name }) => name), variables };
}

/** What is left of the metadata of a JSON file. */
async function kept(metadata: object, own?: SopsAccess): Promise<Record<string, unknown>> {
  return JSON.parse((await openable(json(metadata), 'a.json', own)).text).sops;
}

describe('a SOPS file', () => {
  it('goes to sops with its age keys and without any other', async () => {
    const metadata = { ...OTHER_KEYS, age: AGE, mac: 'ENC[…]', version: '3.9.0' };
    const { text, names, variables } = await openable(json(metadata), 'a.json');
    expect(names).toEqual(['age1abc']);
    expect(variables).toEqual({});
    expect(JSON.parse(text)).toEqual({
      a: 'ENC[…]',
      sops: { age: AGE, mac: 'ENC[…]', version: '3.9.0' },
      b: 'ENC[…]',
    });
  });

  it('goes to sops with the keys that a line names in full, and with what sops reads of them', async () => {
    const entry = { arn: ARN, role: '', enc: 'x', created_at: 'now', aws_profile: '', ARN: 'another' };
    const metadata = { kms: [entry, { ...entry, aws_profile: 'admin' }], pgp: OTHER_KEYS.pgp };
    expect(await kept(metadata, access([`sops-kms=${ARN}`]))).toEqual({
      kms: [{ arn: ARN, role: '', enc: 'x', created_at: 'now' }],
    });
  });

  it('keeps the groups of which it keeps keys, if they are enough', async () => {
    const vault = [{ vault_address: 'https://v:8200/', engine_path: 'transit', key_name: 'a', enc: 'x' }];
    const groups = [{ age: AGE, pgp: OTHER_KEYS.pgp }, { hc_vault: vault }, { kms: OTHER_KEYS.kms }];
    const metadata = { key_groups: groups, shamir_threshold: 2 };
    expect(await kept(metadata, access(['sops-transit=transit/a'], 'https://v:8200'))).toEqual({
      key_groups: [{ age: AGE }, { hc_vault: vault }],
      shamir_threshold: 2,
    });
  });

  it.each<[string, object, SopsAccess, string, RegExp]>([
    [
      'fewer groups than the threshold',
      { key_groups: [{ age: AGE }, { kms: OTHER_KEYS.kms }], shamir_threshold: 2 },
      access(),
      'sops-key-missing',
      /encrypted for "sops-kms=arn:aws:kms:eu-west-1:111122223333:key\/1": 1 more of its 2 groups is needed; add the lines/,
    ],
    [
      'a threshold that it has no groups for',
      { key_groups: [{ age: AGE }, { age: AGE }], shamir_threshold: 3 },
      access(),
      'sops-file-invalid',
      /"a.json" needs keys of more groups than it has; restore it/,
    ],
    [
      'groups of which the step has none',
      { key_groups: [{ age: AGE }, { kms: OTHER_KEYS.kms }, { pgp: OTHER_KEYS.pgp }], shamir_threshold: 2 },
      { ...access(), age: { keys: [] } },
      'sops-key-missing',
      /encrypted for "age1abc", "sops-kms=.*: 2 more of its 3 groups are needed; set SOPS_AGE_KEY .*, and add the lines/,
    ],
    [
      'groups without a threshold, of which all are needed',
      { key_groups: [{ age: AGE }, { age: AGE }, { kms: OTHER_KEYS.kms }] },
      access(),
      'sops-key-missing',
      /add the lines/,
    ],
    [
      'a key of another Vault',
      { hc_vault: OTHER_KEYS.hc_vault },
      access(['sops-transit=a/b'], 'https://vault.example'),
      'sops-key-missing',
      /encrypted for "sops-transit=a\/b" of the Vault "https:\/\/stranger.example"; add the line and write vault-address/,
    ],
    [
      'a key of Vault, where the step names no Vault',
      { hc_vault: OTHER_KEYS.hc_vault },
      access(),
      'sops-key-missing',
      /"sops-transit=a\/b" of the Vault "https:\/\/stranger.example"; add the line/,
    ],
    [
      'a key that no line can name',
      { pgp: OTHER_KEYS.pgp },
      access(),
      'sops-key-missing',
      /1 that no line can name/,
    ],
    [
      'a key that is listed, without an identity',
      { gcp_kms: [{ resource_id: 'projects/p/locations/l/keyRings/r/cryptoKeys/k', enc: 'x' }] },
      access(['sops-gcp=projects/p/locations/l/keyRings/r/cryptoKeys/k']),
      'sops-identity-missing',
      /no credentials for Google Cloud.*google-github-actions\/auth/,
    ],
  ])('with %s is refused', async (_name, metadata, own, code, message) => {
    const failure = openable(json(metadata), 'a.json', own);
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.toThrow(message);
  });

  it('with keys beside groups is read as sops reads it: without the groups', async () => {
    expect(await kept({ age: AGE, key_groups: [{ kms: OTHER_KEYS.kms }] })).toEqual({ age: AGE });
  });

  it('in YAML keeps every byte but those of the metadata', async () => {
    const before = '# a comment\nlist:\n    - ENC[a]\n"on":   ENC[b]   # another\n';
    const metadata =
      'sops:\n    kms:\n        - arn: x\n    age:\n        - recipient: age1abc\n          enc: |\n            one\n            two\n    lastmodified: "2026-11-21T05:05:06Z"\n';
    const { text } = await openable(`${before}${metadata}after: ENC[c]\n`, 'a.yaml');
    expect(text.startsWith(before)).toBe(true);
    expect(parseDocument(text, 'a.yaml').value).toEqual({
      list: ['ENC[a]'],
      on: 'ENC[b]',
      sops: { age: [{ recipient: 'age1abc', enc: 'one\ntwo\n' }], lastmodified: '2026-11-21T05:05:06Z' },
      after: 'ENC[c]',
    });
  });

  it('in dotenv loses the lines of other keys', async () => {
    const lines = [
      'A=ENC[a]',
      'sops_age__list_0__map_enc=x',
      'sops_age__list_0__map_recipient=age1abc',
      'sops_hc_vault__list_0__map_vault_address=https://stranger.example',
      'sops_key_groups__list_0__map_kms__list_0__map_arn=z',
      'sops_mac=ENC[m]',
      'sops_shamir_threshold=0',
      '',
    ];
    const { text, names } = await openable(lines.join('\n'), 'a.env');
    expect(names).toEqual(['age1abc']);
    expect(text.split('\n').sort()).toEqual([...lines.slice(0, 3), ...lines.slice(5)].sort());
  });

  it('in dotenv keeps a key with its context', async () => {
    const lines = [
      'A=ENC[a]',
      `sops_kms__list_0__map_arn=${ARN}`,
      'sops_kms__list_0__map_context__map_app=shop',
      'sops_kms__list_0__map_enc=x',
      'sops_mac=ENC[m]',
      '',
    ];
    const { text } = await openable(lines.join('\n'), 'a.env', access([`sops-kms=${ARN} context=app:shop`]));
    expect(text.split('\n').sort()).toEqual([...lines].sort());
    const other = openable(lines.join('\n'), 'a.env', access([`sops-kms=${ARN}`]));
    await expect(other).rejects.toMatchObject({ code: 'sops-key-missing' });
  });

  it.each([
    ['is not encrypted', '{"a": 1}', 'a.json', /is not encrypted by SOPS; encrypt it: sops encrypt/],
    ['is a dotenv file as it was', 'A=1\n', 'a.env', /is not encrypted by SOPS/],
    [
      'has keys of another cloud only',
      json({ hckms: OTHER_KEYS.hckms }),
      'a.json',
      /any key that Slipway knows/,
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
    ['is YAML, where JSON is expected,', `{"sops": {A"age": []}}`, 'a.json', /is not valid JSON/],
    ['is binary without its JSON', `sops: {"age": []}`, 'a.bin', /is not valid JSON/],
    ['has metadata under the old long s', `{"ſops": {}, "sops": {"age": []}}`, 'a.json', /looks like "sops"/],
  ])('that %s is refused', async (_name, text, path, message) => {
    const failure = Promise.resolve().then(() => openable(text, path));
    await expect(failure).rejects.toMatchObject({ code: 'sops-file-invalid' });
    await expect(failure).rejects.toThrow(message);
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

describe('an SSH key for age', () => {
  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\naC1rZXk=\n-----END OPENSSH PRIVATE KEY-----\n';

  it('is read with the line ends of any form', () => {
    expect(parseSshKey(key)).toBe(key);
    expect(parseSshKey(key.trim().replaceAll('\n', '\r\n'))).toBe(key);
  });

  it.each(['ssh-ed25519 AAAA shop', '/home/runner/.ssh/id_ed25519', key.slice(0, 60)])('is not %s', text => {
    expect(() => parseSshKey(text)).toThrow(expect.objectContaining({ code: 'sops-key-invalid' }));
  });
});
