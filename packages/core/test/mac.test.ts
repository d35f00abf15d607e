import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson, type JsonValue, parseRecordKeys, type RecordKeys } from '@slipway/core';
import fc from 'fast-check';

const OLD = 'b2xkIGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=';
const NEW = 'bmV3IGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=';
const keys = (...lines: string[]): RecordKeys => {
  const parsed = parseRecordKeys(lines.join('\n'));
  if (parsed === undefined) throw new Error('there are no keys');
  return parsed;
};

describe('a MAC of record keys', () => {
  it('is HMAC-SHA-256 over kind and content, whatever the order of the fields', () => {
    const mac = keys(NEW).sign('release', { b: 1, a: [2] });
    expect(mac).toMatch(/^hmac-sha256:[\w-]{43}$/);
    expect(keys(NEW).sign('release', { a: [2], b: 1 })).toBe(mac);
    expect(keys(NEW).verifies('release', { b: 1, a: [2] }, mac)).toBe(true);
  });

  it('does not fit another kind, another content, another key or a changed MAC', () => {
    const content = { number: 7, digest: 'x' };
    const mac = keys(NEW).sign('release', content);
    expect(keys(NEW).verifies('verdict', content, mac)).toBe(false);
    expect(keys(NEW).verifies('release', { ...content, number: 8 }, mac)).toBe(false);
    expect(keys(OLD).verifies('release', content, mac)).toBe(false);
    for (const wrong of [
      undefined,
      '',
      'hmac-sha256:',
      `${mac}A`,
      mac.slice(0, -2),
      mac.replace('sha256', 'none'),
    ])
      expect(keys(NEW).verifies('release', content, wrong)).toBe(false);
  });

  it('fits no other content, however alike', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        fc.pre(canonicalJson(one as JsonValue) !== canonicalJson(other as JsonValue));
        const mac = keys(NEW).sign('snapshot', one as JsonValue);
        expect(keys(NEW).verifies('snapshot', other as JsonValue, mac)).toBe(false);
      }),
    );
  });

  it('is made by the first key and taken of every one, so that keys can be replaced', () => {
    const before = keys(OLD).sign('release', 1);
    const both = keys(NEW, OLD);
    expect(both.verifies('release', 1, before)).toBe(true);
    expect(both.sign('release', 1)).toBe(keys(NEW).sign('release', 1));
    expect(keys(NEW).verifies('release', 1, before)).toBe(false);
  });

  it.each([
    ['a word', 'password'],
    ['31 characters', 'abcdefghijklmnopqrstuvwxyz01234'],
    ['one character again and again', 'a'.repeat(64)],
    ['few characters again and again', 'abcdefgh'.repeat(8)],
  ])('is refused of a key that could be guessed: %s', (_name, key) => {
    const read = (): unknown => parseRecordKeys(`${NEW}\n${key}`);
    expect(read).toThrow(expect.objectContaining({ code: 'record-key-weak' }));
    expect(read).toThrow(/line 2 .*openssl rand -base64 32/);
    expect(read).not.toThrow(new RegExp(key));
  });

  it('may be missing only where a line says so, and must fit all the same where it is there', () => {
    const lenient = keys(NEW, 'accept-unsigned');
    expect(lenient.verifies('release', 1, undefined)).toBe(true);
    expect(lenient.verifies('release', 1, keys(OLD).sign('release', 1))).toBe(false);
    expect(lenient.verifies('release', 1, '')).toBe(false);
    expect(lenient.sign('release', 1)).toBe(keys(NEW).sign('release', 1));
    expect(parseRecordKeys('accept-unsigned')).toBeUndefined();
  });

  it('needs a key', () => {
    expect(parseRecordKeys(' \n ')).toBeUndefined();
  });

  it('shows nothing of its keys', () => {
    expect(inspect(keys(NEW), { depth: 9, showHidden: true })).not.toContain(NEW);
    expect(JSON.stringify(keys(NEW))).not.toContain(NEW);
  });
});
