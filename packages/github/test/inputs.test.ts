import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { type InputReader, parseInputs } from '@slipway/github';
import { inputsOf } from '@slipway/github/testing';

function problemsOf(
  read: (reader: InputReader) => unknown,
  given: Record<string, string>,
): [string, string][] {
  try {
    inputsOf(read, given);
  } catch (error) {
    if (error instanceof SlipwayError) return error.problems.map(problem => [problem.code, problem.message]);
    throw error;
  }
  return [];
}

describe('inputs', () => {
  it('are trimmed, and empty if absent', () => {
    expect(inputsOf(reader => [reader.text('a'), reader.text('b')], { a: '  x ' })).toEqual(['x', '']);
  });

  it('say once what is wrong twice, and say again what is wrong at another position', () => {
    const read = (reader: InputReader) => {
      for (const one of [reader, reader.having({ destination: 'us' })])
        one.parse('checks', () => {
          throw new SlipwayError([
            {
              code: 'check-invalid',
              message: 'the name is missing',
              at: { path: 'checks.yaml', line: 1, column: 3 },
            },
            {
              code: 'check-invalid',
              message: 'the name is missing',
              at: { path: 'checks.yaml', line: 9, column: 3 },
            },
          ]);
        });
    };
    expect(problemsOf(read, {})).toEqual([
      ['check-invalid', 'the name is missing'],
      ['check-invalid', 'the name is missing'],
    ]);
  });

  it('are split into lists by line or comma, without comments and empty entries', () => {
    expect(inputsOf(reader => reader.list('names'), { names: 'eu, us\n# not this\n\n ap,' })).toEqual([
      'eu',
      'us',
      'ap',
    ]);
  });

  it('are split into pairs whose values may contain anything but a line break', () => {
    expect(inputsOf(reader => reader.pairs('set'), { set: 'a=1\nb=x=y, z' })).toEqual({
      a: '1',
      b: 'x=y, z',
    });
  });

  it('are parsed as durations in milliseconds', () => {
    expect(inputsOf(reader => [reader.duration('a'), reader.duration('b')], { a: '1h30m' })).toEqual([
      5_400_000,
      undefined,
    ]);
  });

  it('report all of their problems at once', () => {
    const read = (reader: InputReader): unknown => [
      reader.required('formation'),
      reader.choice('mode', ['apply', 'plan'], 'apply'),
      reader.flag('adopt', false),
      reader.duration('timeout'),
      reader.pairs('build-secrets'),
    ];
    const found = problemsOf(read, { mode: 'aply', adopt: 'yes', timeout: '10', 'build-secrets': 'hunter2' });
    expect(found.map(([code]) => code)).toEqual([
      'input-missing',
      'input-invalid',
      'input-invalid',
      'input-invalid',
      'input-invalid',
    ]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('that GitHub dropped are the only problem that is named, once for each', () => {
    const read = (reader: InputReader): void => {
      if (reader.text('digest') !== reader.text('digest').toUpperCase())
        reader.problem('digest', 'is not a digest', 'give one');
      reader.required('manifests');
    };
    const dropped =
      'is empty, since GitHub dropped an output of an earlier job, in which it found the value of a secret';
    expect(problemsOf(read, { digest: 'dropped-by-github' })).toEqual([
      ['output-dropped', `input "digest" ${dropped}`],
    ]);
  });

  it('that limit how long something may take are longer than 0s', () => {
    const read = (reader: InputReader): unknown => [
      reader.timeLimit('timeout'),
      reader.duration('stable-for'),
    ];
    expect(inputsOf(read, { timeout: '90s', 'stable-for': '0s' })).toEqual([90_000, 0]);
    expect(problemsOf(read, { timeout: '0m' })).toEqual([
      ['input-invalid', 'input "timeout" must be longer than 0s'],
    ]);
  });

  describe('that a package parses', () => {
    const refuse = (): never => {
      throw new SlipwayError([
        { code: 'record-key-weak', message: 'input "record-key" has a key in line 1 that could be guessed' },
        { code: 'unexpected', message: 'something else' },
      ]);
    };
    const read = (reader: InputReader): unknown => [
      reader.parse('record-key', refuse),
      reader.required('mode'),
    ];

    it('keep the codes of their problems, beside those of the other inputs', () => {
      expect(problemsOf(read, {})).toEqual([
        ['record-key-weak', 'input "record-key" has a key in line 1 that could be guessed'],
        ['unexpected', 'something else'],
        ['input-missing', 'input "mode" is missing'],
      ]);
    });

    it('are named as the user knows them', () => {
      const parse = (): unknown => parseInputs({}, read, name => `deploy-${name}`);
      expect(parse).toThrow(
        /^input "deploy-record-key" has a key in line 1 .*\n.*\ninput "deploy-mode" is missing/,
      );
    });

    it('are what they are parsed to', () => {
      expect(inputsOf(reader => reader.parse('a', () => reader.list('a')), { a: 'x' })).toEqual(['x']);
    });

    it('do not hide a defect', () => {
      const defect = (): never => {
        throw new TypeError('not a function');
      };
      expect(() => inputsOf(reader => reader.parse('a', defect), {})).toThrow(TypeError);
    });
  });
});
