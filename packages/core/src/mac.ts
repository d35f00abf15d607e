import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Problem, throwIfAny } from './errors.ts';
import { canonicalJson, type JsonValue } from './json.ts';

export type RecordKeyErrorCode = 'record-key-weak';

/** What is signed. The MAC of one kind of thing is not valid for another. */
export type SignedThing = 'release' | 'release-secret' | 'snapshot' | 'verdict' | 'hold' | 'part';

/** The keys of `record-key`. They cannot be read back, so that none of them gets into a log. */
export interface RecordKeys {
  /** The MAC by the first key: HMAC-SHA-256 (RFC 2104) over the canonical JSON of kind and content. */
  sign(thing: SignedThing, content: JsonValue): string;
  /** Whether something without a MAC is accepted too: for the first run with a key, when earlier things have none. */
  readonly acceptsUnsigned: boolean;
  /** Whether one of the keys made the MAC over this very content. */
  verifies(thing: SignedThing, content: JsonValue, mac: string | undefined): boolean;
}

/** 32 characters of `openssl rand -base64 32` are 192 bits; no one remembers so many, so it is not a password. */
const MIN_LENGTH = 32;
/** Random text of that length has more: 32 hexadecimal digits have fewer in one of ten million. */
const MIN_DISTINCT = 9;
const PREFIX = 'hmac-sha256:';
/** A line that is not a key. */
const ACCEPT_UNSIGNED = 'accept-unsigned';

/**
 * Reads keys, one per line: the first signs and all verify, so that a key can be replaced while what it signed is still there.
 * The line `accept-unsigned` is not a key: it accepts what has no MAC.
 * @throws SlipwayError `record-key-weak` for each one that could be guessed, by its line
 */
export function parseRecordKeys(text: string): RecordKeys | undefined {
  const lines = recordKeyLines(text);
  const acceptsUnsigned = linesOf(text).includes(ACCEPT_UNSIGNED);
  const problems = lines.flatMap((line, index) => (isWeak(line) ? [weak(index + 1)] : []));
  throwIfAny(problems);
  const keys = lines.map(line => Buffer.from(line, 'utf8'));
  const [signing] = keys;
  if (signing === undefined) return undefined;
  return {
    acceptsUnsigned,
    sign: (thing, content) => `${PREFIX}${macOf(signing, thing, content).toString('base64url')}`,
    verifies(thing, content, mac) {
      if (mac === undefined) return acceptsUnsigned;
      if (!mac.startsWith(PREFIX)) return false;
      const given = Buffer.from(mac.slice(PREFIX.length), 'base64url');
      return keys.some(key => isEqual(macOf(key, thing, content), given));
    },
  };
}

/** The keys as they are written in the input, to be masked before anything else. */
export function recordKeyLines(text: string): string[] {
  return linesOf(text).filter(line => line !== ACCEPT_UNSIGNED);
}

function linesOf(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map(line => line.trim())
    .filter(line => line !== '');
}

function isWeak(key: string): boolean {
  return key.length < MIN_LENGTH || new Set(key).size < MIN_DISTINCT;
}

function weak(line: number): Problem<RecordKeyErrorCode> {
  return {
    code: 'record-key-weak',
    message: `input "record-key" has a key in line ${line} that could be guessed`,
    remedy: 'make one with "openssl rand -base64 32"; write one per line, the one that signs first',
  };
}

function macOf(key: Buffer, thing: SignedThing, content: JsonValue): Buffer {
  return createHmac('sha256', key)
    .update(canonicalJson({ thing: `slipway.dev/v1 ${thing}`, content }))
    .digest();
}

function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
