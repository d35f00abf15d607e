import { describe, expect, it } from '@jest/globals';
import { termsOfObject, termsProblems } from '../src/judge/object-terms.ts';
import { object } from './support/objects.ts';

const annotated = (annotations: Record<string, string>) =>
  object('apps/v1', 'Deployment', 'api', { annotations });

describe('the annotations of an object', () => {
  it('are durations', () => {
    const terms = termsOfObject(
      annotated({
        'slipway.dev/stable-for': '0s',
        'slipway.dev/timeout': '30m',
        'slipway.dev/deadline': '1h30m',
        'slipway.dev/pull-window': '2m',
        'slipway.dev/crash-window': '5m',
        'slipway.dev/schedule-window': '10m',
        'slipway.dev/ready-window': '1m',
      }),
    );
    expect(terms).toEqual({
      stableFor: 0,
      timeout: 1_800_000,
      deadline: 5_400_000,
      windows: { pull: 120_000, crash: 300_000, schedule: 600_000, ready: 60_000 },
    });
  });

  it('have no effect where there are none', () => {
    expect(termsOfObject(annotated({ 'slipway.dev/order': '1' }))).toEqual({ windows: {} });
    expect(termsProblems(annotated({ 'slipway.dev/order': '1' }))).toEqual([]);
  });

  it.each([
    ['slipway.dev/timeout', 'ten minutes', 'is not a duration'],
    ['slipway.dev/timeout', '0s', 'must be longer than 0s'],
    ['slipway.dev/crash-window', '60', 'is not a duration'],
    ['slipway.dev/stable-for', '-1s', 'is not a duration'],
  ])('are reported when they cannot be used: %s %s', (name, text, why) => {
    const wrong = annotated({ [name]: text });
    expect(termsOfObject(wrong)).toEqual({ windows: {} });
    expect(termsProblems(wrong)).toMatchObject([
      {
        code: 'annotation-invalid',
        message: `Deployment shop/api has ${name} "${text}", which ${why}`,
        remedy: 'write a duration in quotes, such as "30s", "10m" or "1h30m"',
        pointer: `/metadata/annotations/${name.replace('/', '~1')}`,
      },
    ]);
  });
});
