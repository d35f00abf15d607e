import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { type InputReader, type PostStep, reportFailure } from '@slipway/github';
import { fakeRunner, inputsOf } from '@slipway/github/testing';
import { type EachDestination, postEach, readEach, runEach, type SeveralRules } from '../src/index.ts';

const RULES: SeveralRules = { own: ['planned-from', 'release'], needed: ['release'], single: ['context'] };

interface Inputs {
  readonly destination: string;
  readonly release: string;
  readonly plannedFrom: string;
}

const readInputs = (reader: InputReader): EachDestination<Inputs> =>
  readEach(reader, RULES, one => ({
    destination: one.text('destination'),
    release: one.text('release'),
    plannedFrom: one.text('planned-from'),
  }));

function problemsOf(given: Record<string, string>): string[] {
  try {
    inputsOf(readInputs, given);
    return [];
  } catch (error) {
    return (error as SlipwayError).problems.map(({ message }) => message);
  }
}

const newRunner = () => fakeRunner({ temporaryDirectory: mkdtempSync(join(tmpdir(), 'destinations-')) });

describe('inputs of several destinations', () => {
  it.each([
    ['', [{ destination: '', inputs: { destination: '', release: '7', plannedFrom: '' } }]],
    ['eu', [{ destination: 'eu', inputs: { destination: 'eu', release: '7', plannedFrom: '' } }]],
    ['eu, eu', [{ destination: 'eu, eu', inputs: { destination: 'eu, eu', release: '7', plannedFrom: '' } }]],
  ])('%j is read as it is', (destination, expected) => {
    expect(inputsOf(readInputs, { destination, release: '7' })).toEqual(expected);
  });

  it('are read for each, with what an earlier step left for it', () => {
    const given = {
      destination: 'eu, us\nap',
      release: '{"eu":"41","us":"12"}',
      'planned-from': 'production/eu=41, production/us=12, production/ap=0',
    };
    const plannedFrom = given['planned-from'];
    expect(inputsOf(readInputs, given)).toEqual([
      { destination: 'eu', inputs: { destination: 'eu', release: '41', plannedFrom } },
      { destination: 'us', inputs: { destination: 'us', release: '12', plannedFrom } },
      { destination: 'ap', inputs: undefined },
    ]);
  });

  it.each([
    [{ release: '41' }, ['input "release" is for one destination, and several are named']],
    [{ release: '{"eu":41,"us":{}}' }, []],
    [{ 'planned-from': '{"eu":"1@x"}' }, ['input "planned-from" says nothing of destination "us"']],
    [{ context: 'a' }, ['input "context" is for one destination, and 2 are named']],
    [
      { destination: 'eu, EU, -' },
      [
        'input "destination" names "EU", which is not the name of a destination',
        'input "destination" names "-", which is not the name of a destination',
      ],
    ],
    [{ release: '{"__proto__":"1","eu"' }, ['input "release" is for one destination, and several are named']],
  ])('%j', (given, expected) => {
    expect(problemsOf({ destination: 'eu,us', ...given })).toEqual(expected);
  });
});

describe('work at several destinations', () => {
  const each = (...names: string[]) =>
    names.map(destination => ({ destination, inputs: destination })) as never;

  it('of one is as it always was', async () => {
    const runner = newRunner();
    await runEach<string>(each('eu'), runner, async (inputs, own) => {
      own.setOutput('release', '41');
      own.logger.info(inputs);
    });
    expect([runner.outputs, runner.log, runner.summary]).toEqual([{ release: '41' }, ['eu'], '']);
  });

  it('leaves its outputs by destination, and says where it was', async () => {
    const runner = newRunner();
    const folders: string[] = [];
    // Both are at work at once, and which of them is first is up to the file system.
    const first = Promise.withResolvers<void>();
    await runEach<string>(each('eu', 'us'), runner, async (inputs, own) => {
      if (inputs === 'us') await first.promise;
      folders.push(own.temporaryDirectory);
      own.logger.warning('look');
      await own.group('Jobs', async () => own.annotate({ severity: 'notice', message: 'a.yaml:1: so' }));
      own.setOutput('release', inputs === 'eu' ? '41' : '12');
      own.addSummary(`summary of ${inputs}`);
      first.resolve();
    });
    expect(runner.outputs).toEqual({ release: '{"eu":"41","us":"12"}' });
    expect(runner.log.toSorted()).toEqual(['eu: Jobs', 'us: Jobs', 'warning: eu: look', 'warning: us: look']);
    expect(runner.annotations.map(({ message }) => message)).toEqual([
      'a.yaml:1: so [eu]',
      'a.yaml:1: so [us]',
    ]);
    expect(new Set(folders).size).toBe(2);
    expect(runner.summary).toContain('| ✅ | eu | |\n| ✅ | us | |');
    expect(runner.summary).toContain('## eu\n\nsummary of eu');
  });

  it('goes on where one fails, and fails in the end with all that failed', async () => {
    const runner = newRunner();
    const done: string[] = [];
    const problem = { code: 'lock-timeout', message: 'the lock is held', remedy: 'wait' };
    const work = runEach<string>(each('eu', 'us', 'ap'), runner, async inputs => {
      if (inputs === 'eu') throw new SlipwayError(problem);
      if (inputs === 'us') throw new TypeError('x is undefined');
      done.push(inputs);
    });
    const error = await work.catch((thrown: unknown) => thrown);
    reportFailure(error, runner);
    expect(done).toEqual(['ap']);
    expect(runner.annotations.map(({ message }) => message)).toEqual([
      'eu: the lock is held; wait',
      expect.stringMatching(/^us: unexpected failure: x is undefined; /),
    ]);
    expect(runner.outputs['error']).toBe('lock-timeout');
    expect(runner.summary).toContain('| ❌ | eu | lock-timeout |\n| ❌ | us | unexpected |\n| ✅ | ap | |');
  });

  it('of which one has nothing left by the step before fails there, and only there', async () => {
    const done: string[] = [];
    const inputs = inputsOf(readInputs, { destination: 'eu,us', release: '{"us":"12"}' });
    const work = runEach(inputs, newRunner(), async ({ release }) => void done.push(release));
    await expect(work).rejects.toMatchObject({
      problems: [{ code: 'nothing-left', message: expect.stringMatching(/^eu: /) }],
    });
    expect(done).toEqual(['12']);
  });

  it('that is cancelled says that it was', async () => {
    const stop = new AbortController();
    const reason = new SlipwayError({ code: 'cancelled', message: 'the run was cancelled' });
    const runner = fakeRunner({ ...newRunner(), signal: stop.signal });
    const work = runEach<string>(each('eu', 'us'), runner, async () => {
      stop.abort(reason);
      throw reason;
    });
    await expect(work).rejects.toBe(reason);
  });

  it('that came to its end although it was cancelled has succeeded', async () => {
    const stop = new AbortController();
    const runner = fakeRunner({ ...newRunner(), signal: stop.signal });
    await runEach<string>(each('eu', 'us'), runner, async () => stop.abort());
    expect(runner.summary).toContain('| ✅ | eu | |\n| ✅ | us | |');
  });

  it('does four at a time', async () => {
    let [now, most] = [0, 0];
    const four = Promise.withResolvers<void>();
    await runEach<string>(each('a', 'b', 'c', 'd', 'e', 'f'), newRunner(), async () => {
      now += 1;
      most = Math.max(most, now);
      if (now === 4) four.resolve();
      await four.promise;
      await new Promise(resolve => setTimeout(resolve, 5));
      now -= 1;
    });
    expect(most).toBe(4);
  });

  it('that was killed is cleaned up at each, with what was saved there', async () => {
    const runner = newRunner();
    const inputs = each('eu', 'us') as EachDestination<string>;
    await runEach(inputs, runner, async (at, own) => {
      own.saveState('release', `${at} 1`);
      own.saveState('other', `${at} 2`);
    });
    const seen: string[] = [];
    const post: PostStep<string> = async (at, _runner, saved) => {
      seen.push(`${at}: ${saved('release')}, ${saved('other')}, ${saved('none')}`);
      if (at === 'eu') throw new SlipwayError({ code: 'lock-timeout', message: 'held' });
    };
    const work = postEach(post)(inputs, runner, name => runner.state[name] ?? '');
    await expect(work).rejects.toMatchObject({ problems: [{ message: 'eu: held' }] });
    expect(seen).toEqual(['eu: eu 1, eu 2, ', 'us: us 1, us 2, ']);
  });
});
