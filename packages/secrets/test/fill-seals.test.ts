import { describe, expect, it } from '@jest/globals';
import { fillSeals, type SealedPlace } from '@slipway/secrets';
import fc from 'fast-check';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'database' },
  data: { url: base64('postgres://shop:<1>@host'), plain: base64('<1>') },
  stringData: { both: '<1> and <2>' },
};
const seal = (pointer: string, standIn: string, word: string): SealedPlace => ({
  pointer,
  standIn,
  word,
  placement: pointer.startsWith('/data/') ? 'data' : 'stringData',
});

describe('filling seals', () => {
  it('puts values in place, base64-encoding the whole scalar in data, and leaves the rest alone', () => {
    const filled = fillSeals(secret, [seal('/data/url', '<1>', 'a')], new Map([['a', 'pässword']]));
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
          const filled = fillSeals(
            secret,
            seals,
            new Map([
              ['a', a],
              ['b', b],
            ]),
          );
          expect(filled['stringData']).toEqual({ both: `${a} and ${b}` });
        },
      ),
    );
  });

  it.each([
    ['is not there', seal('/stringData/both', '<9>', 'a')],
    ['has no value', seal('/stringData/both', '<1>', 'unknown')],
    ['has no place', seal('/data/other', '<1>', 'a')],
  ])('refuses a stand-in that %s', (_name, place) => {
    expect(() => fillSeals(secret, [place], new Map([['a', 'x']]))).toThrow(
      expect.objectContaining({ code: 'secret-place-changed' }),
    );
  });
});
