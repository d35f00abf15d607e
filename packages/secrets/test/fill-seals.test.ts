import { describe, expect, it } from '@jest/globals';
import { fillSeals, type SealedPart } from '@slipway/secrets';
import fc from 'fast-check';

const valuesOf = (values: Readonly<Record<string, string>>): Map<string, Uint8Array> =>
  new Map(Object.entries(values).map(([word, value]) => [word, Buffer.from(value)]));
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'database' },
  data: { url: base64('postgres://shop:<1>@host'), plain: base64('<1>') },
  stringData: { both: '<1> and <2>' },
};
const seal = (pointer: string, standIn: string, word: string): SealedPart => ({
  pointer,
  standIn,
  word,
  placement: pointer.startsWith('/data/') ? 'data' : 'stringData',
});

describe('filling seals', () => {
  it('puts values in place, base64-encoding the whole scalar in data, and leaves the rest alone', () => {
    const filled = fillSeals(secret, [seal('/data/url', '<1>', 'a')], valuesOf({ a: 'pässword' }));
    expect(filled['data']).toEqual({ ...secret.data, url: base64('postgres://shop:pässword@host') });
    expect(filled['stringData']).toBe(secret.stringData);
    expect(secret.data.url).toBe(base64('postgres://shop:<1>@host'));
  });

  it('keeps a value that looks like a stand-in what it is', () => {
    const seals = [seal('/stringData/both', '<1>', 'a'), seal('/stringData/both', '<2>', 'b')];
    fc.assert(
      fc.property(
        fc.constantFrom('<1>', '<2>', '$&', 'x'),
        fc.constantFrom('<1>', '<2>', "$'", 'y'),
        (a, b) => {
          const filled = fillSeals(secret, seals, valuesOf({ a, b }));
          expect(filled['stringData']).toEqual({ both: `${a} and ${b}` });
        },
      ),
    );
  });

  it('puts any bytes into data, and only text into stringData', () => {
    const bytes = new Map([['a', Buffer.from([0xff, 0x00, 0x80])]]);
    const filled = fillSeals(secret, [seal('/data/plain', '<1>', 'a')], bytes);
    expect(filled['data']).toMatchObject({ plain: '/wCA' });
    expect(() => fillSeals(secret, [seal('/stringData/both', '<1>', 'a')], bytes)).toThrow(
      expect.objectContaining({ code: 'secret-not-text' }),
    );
  });

  it.each([
    ['is not there', seal('/stringData/both', '<9>', 'a')],
    ['has no value', seal('/stringData/both', '<1>', 'unknown')],
    ['is not in the object', seal('/data/other', '<1>', 'a')],
  ])('refuses a stand-in that %s', (_name, sealed) => {
    expect(() => fillSeals(secret, [sealed], valuesOf({ a: 'x' }))).toThrow(
      expect.objectContaining({ code: 'secret-place-changed' }),
    );
  });
});
