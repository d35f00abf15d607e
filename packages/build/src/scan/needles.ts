import type { BuildSecrets } from '../secrets.ts';

/** Bytes whose presence in an image means that a secret is in it. */
export interface Needle {
  readonly secret: string;
  readonly bytes: Buffer;
}

/** Shorter secrets would be found by chance. */
const MIN_BYTES = 8;

/** The forms in which a secret may be written: as it is, URL-encoded, in base64, alone or in a longer text such as `user:secret`. */
export function needlesOf(secrets: BuildSecrets, ids: readonly string[]): Needle[] {
  return ids.flatMap(secret => {
    const value = trimmed(secrets.get(secret) ?? Buffer.alloc(0));
    if (value.length < MIN_BYTES) return [];
    const forms = [value, Buffer.from(encodeURIComponent(value.toString())), ...base64Forms(value)];
    const distinct = new Map(forms.map(bytes => [bytes.toString('latin1'), bytes]));
    return [...distinct.values()].map(bytes => ({ secret, bytes }));
  });
}

/** A line break at the end of a file is not part of the secret. */
function trimmed(value: Buffer): Buffer {
  let end = value.length;
  while (end > 0 && (value[end - 1] === 10 || value[end - 1] === 13)) end -= 1;
  return value.subarray(0, end);
}

/**
 * Base64 encodes three bytes as four characters, so that the same bytes look different at each of three offsets. Characters at the
 * ends that also depend on the bytes around the secret are left out.
 */
function base64Forms(value: Buffer): Buffer[] {
  return [0, 1, 2].map(offset => {
    const text = Buffer.concat([Buffer.alloc(offset), value])
      .toString('base64')
      .replace(/=+$/, '');
    const start = offset === 0 ? 0 : offset + 1;
    const isWhole = (offset + value.length) % 3 === 0;
    return Buffer.from(text.slice(start, isWhole ? undefined : -1));
  });
}
