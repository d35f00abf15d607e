import { describe, expect, it } from '@jest/globals';
import { bad, failing, good, problems } from './support/rules.ts';

const named = (...rules: string[]): string[] => rules.map(rule => `Copper rule ${rule}`).sort();

describe('rules of Copper', () => {
  it('that say something else in CEL are not converted, and named with their lines', () => {
    expect(problems.map(({ rule, line }) => [rule, line])).toEqual([
      ['Broken', 13],
      ['Constant', 14],
    ]);
  });

  it('say of objects what they said, an image with a port in its registry excepted, which they misread', async () => {
    expect((await failing(good)).sort()).toEqual(named('Replicas'));
    expect((await failing(bad)).sort()).toEqual(
      named(
        'NoLatest',
        'NoLatestByPattern',
        'SecretIsAvailable',
        'DatabasePort',
        'ApiVersion',
        'PortsInRange',
        'Names',
        'Replicas',
      ),
    );
  });
});
