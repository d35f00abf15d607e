import { describe, expect, it } from '@jest/globals';
import type { StepStrategy } from '@slipway/core';
import { unattendedProblems } from '../src/guard/unattended.ts';
import type { DeliverySurroundings } from '../src/surroundings.ts';

const LONG: StepStrategy = {
  steps: [
    { weight: 5, bake: '10m' },
    { weight: 10, bake: '40m' },
  ],
};
const at = { file: 'formations/production.yaml', line: 9, column: 20 };

const WANTED = { application: 'shop', path: 'slipway.yaml', formation: 'production' };

type Look = Awaited<ReturnType<NonNullable<DeliverySurroundings['scheduledLook']>>>;

async function found(
  look: Look | undefined,
  strategy: StepStrategy | undefined = LONG,
  workloads: unknown[] = [{}],
  application = '',
) {
  const log: string[] = [];
  const asked: unknown[] = [];
  const problems = await unattendedProblems(
    {
      ...(strategy && { strategy }),
      identity: { application: 'shop', formation: 'production' },
      strategyAt: (pointer: string) => (pointer === '/steps/1/bake' ? at : undefined),
    } as never,
    { application },
    { steps: { workloads } } as never,
    {
      logger: { debug: () => {}, info: () => {}, warning: text => void log.push(text) },
      ...(look && {
        scheduledLook: async wanted => {
          asked.push(wanted);
          return look;
        },
      }),
    },
  );
  return { problems, log, asked };
}

describe('a release that would wait for time', () => {
  it('is refused where no workflow with a schedule looks at it, at the line of its step', async () => {
    const { problems, log } = await found({ is: 'missing', others: [] });
    expect(problems).toEqual([expect.objectContaining({ code: 'steps-unattended', at })]);
    expect(problems[0]?.message).toBe(
      'step 2 outlasts attend (steps 1 to 2 bake for 50m, and a run stays for 20m), so that the release would wait for time, and no active workflow with a schedule looks at it again',
    );
    expect(log).toEqual([]);
  });

  it('is allowed with a warning where that is not known', async () => {
    const { problems, log } = await found({ is: 'unknown', why: 'the step has no token for GitHub' });
    expect(problems).toEqual([]);
    expect(log).toEqual([
      expect.stringContaining('(the step has no token for GitHub): step 2 outlasts attend'),
    ]);
  });

  it('is allowed where one does', async () => {
    expect(await found({ is: 'there' })).toEqual({ problems: [], log: [], asked: [WANTED] });
  });

  it('says which workflows look at others only', async () => {
    const others = ['.github/workflows/web-progress.yml'];
    const { problems } = await found({ is: 'missing', others });
    expect(problems[0]?.message).toMatch(
      /looks at it again \(\.github\/workflows\/web-progress\.yml: for other releases only\)$/,
    );
  });

  it.each([
    ['apps/shop/slipway.yaml', 'apps/shop/slipway.yaml'],
    ['shop', undefined],
  ])('is looked for by %j', async (application, path) => {
    const { asked } = await found({ is: 'there' }, LONG, [{}], application);
    expect(asked).toEqual([{ ...WANTED, path }]);
  });
});

it('no one is asked about a release that no run leaves alone, or that goes to all users at once', async () => {
  const short: StepStrategy = { steps: [{ weight: 50, bake: '10m', pause: 'commit', unwatched: true }] };
  expect((await found({ is: 'missing', others: [] }, short)).asked).toEqual([]);
  expect((await found({ is: 'missing', others: [] }, LONG, [])).asked).toEqual([]);
});
