import { describe, expect, it } from '@jest/globals';
import { parseSopsFile } from '../src/sops/sops-file.ts';
import { sopsVersion } from '../src/sops/sops-version.ts';

const entry = (data: string): string => `ENC[AES256_GCM,data:${data},iv:a,tag:b,type:str]`;

const yaml = (password: string, changes: { readonly mac?: string; readonly time?: string } = {}): string => `
database:
    password: ${entry(password)}
    user_unencrypted: shop
sops:
    age: []
    lastmodified: "${changes.time ?? '2026-11-01T10:00:00Z'}"
    mac: ${entry(changes.mac ?? 'mac')}
`;

const dotenv = (password: string): string =>
  `PASSWORD=${entry(password)}\nsops_lastmodified=2026-11-01T10:00:00Z\nsops_mac=${entry('mac')}\n`;

const file = { from: 'sops', file: 'secrets/shop.yaml' } as const;
const password = { ...file, key: 'database.password' } as const;

const versionOf = (
  text: string,
  reference: Parameters<typeof sopsVersion>[1],
  format: 'yaml' | 'dotenv' = 'yaml',
) => sopsVersion(parseSopsFile(text, format === 'yaml' ? 'a.yaml' : 'a.env'), reference);

const idOf = (
  text: string,
  reference: Parameters<typeof sopsVersion>[1],
  format: 'yaml' | 'dotenv' = 'yaml',
) => versionOf(text, reference, format).id;

describe('the version of a secret in a SOPS file', () => {
  it('is a digest of its encrypted text, with the time of the file', () => {
    expect(versionOf(yaml('one'), password)).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{12}$/),
      since: '2026-11-01T10:00:00Z',
    });
  });

  it('is the same while other values of the file change', () => {
    const later = yaml('one', { mac: 'other', time: '2026-11-02T10:00:00Z' });
    expect(idOf(later, password)).toBe(idOf(yaml('one'), password));
    expect(idOf(yaml('two'), password)).not.toBe(idOf(yaml('one'), password));
    expect(idOf(later, file)).not.toBe(idOf(yaml('one'), file));
  });

  it('is never made from a value that is not encrypted', () => {
    const plain = { ...file, key: 'database.user_unencrypted' } as const;
    expect(idOf(yaml('one'), plain)).toBe(idOf(yaml('one'), file));
    expect(idOf(yaml('one').replaceAll('ENC[', 'NOT['), plain)).toBeUndefined();
  });

  it('is that of an item of a list, in which encrypted comments do not count', () => {
    const comment = entry('note').replace('type:str', 'type:comment');
    const list = (first: string) =>
      `list:\n    - ${comment}\n    - ${entry(first)}\n    - ${entry('b')}\nsops:\n    mac: ${entry('mac')}\n`;
    const [first, second] = [{ ...file, key: 'list.0' } as const, { ...file, key: 'list.1' } as const];
    expect(comment).toMatch(/type:comment\]$/);
    expect(idOf(list('a'), first)).not.toBe(idOf(list('c'), first));
    expect(idOf(list('a'), second)).toBe(idOf(list('c'), second));
  });

  it('is read from the lines of a dotenv file', () => {
    const reference = { ...file, key: 'PASSWORD' } as const;
    expect(versionOf(dotenv('one'), reference, 'dotenv')).toMatchObject({ since: '2026-11-01T10:00:00Z' });
    expect(idOf(dotenv('one'), reference, 'dotenv')).toBe(idOf(yaml('one'), password));
    expect(idOf(dotenv('two'), reference, 'dotenv')).not.toBe(idOf(dotenv('one'), reference, 'dotenv'));
  });
});
