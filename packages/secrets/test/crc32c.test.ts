import { describe, expect, it } from '@jest/globals';
import { crc32c } from '../src/clouds/google/crc32c.ts';

describe('the checksum that Google keeps with a secret', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 0],
    ['the check value of its catalogue', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros, from RFC 3720', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones, from RFC 3720', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['bytes that rise, from RFC 3720', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
    ['bytes that fall, from RFC 3720', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
  ])('is right for %s', (_name, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});
