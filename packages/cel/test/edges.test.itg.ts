import { beforeAll, describe, expect, it } from '@jest/globals';
import { toolPath } from '@slipway/testbed';
import { compareEdges, randomEdges } from './support/compare-edges.ts';

const MINOR = 36;

beforeAll(() => toolPath('cel'), 600_000);

describe('functions of expressions', () => {
  it.each<[string, readonly string[]]>([
    [
      'know no date that does not exist',
      [
        "timestamp('2026-02-30T00:00:00Z')",
        "timestamp('2026-02-29T00:00:00Z')",
        "timestamp('2024-02-29T00:00:00Z')",
      ],
    ],
    [
      'know no second of a leap and no hour 24',
      [
        "timestamp('2016-12-31T23:59:60Z')",
        "timestamp('2026-01-01T24:00:00Z')",
        "timestamp('2026-01-01T00:00:00+24:60')",
      ],
    ],
    [
      'hold large quantities in the form of the server',
      [
        "quantity('100Ti').isInteger()",
        "quantity('10Ti').isInteger()",
        "quantity('1Pi').isInteger()",
        "quantity('1Pi').asInteger()",
        "quantity('9223372036854775807').add(1).isInteger()",
        "quantity('1').sub(-9223372036854775808)",
      ],
    ],
    [
      'end at the limits of a duration',
      [
        "duration('2562047h47m16.854775807s')",
        "duration('2562047h47m16.854775808s')",
        "duration('-9223372036854775808ns')",
      ],
    ],
  ])('%s', async (_, sources) => {
    expect((await compareEdges(sources, MINOR)).differences).toEqual([]);
  });

  /** What packages/cel/tools/edges.ts does for as long as one likes, done for a moment. */
  it('have the values and failures of the API server for values at the edges', async () => {
    const { compared, failed, differences } = await compareEdges(randomEdges(11, 3_000), MINOR);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(2_000);
    expect(failed / compared).toBeGreaterThan(0.3);
  });
});
