import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { reportFailure } from '@slipway/github';
import { fakeRunner } from '@slipway/github/testing';
import { actionsRunner } from '../src/actions-runner.ts';

const POSITION = { path: 'formations/shop.yaml', line: 3, column: 7 };

const twoProblems = new SlipwayError([
  { code: 'word-unknown', message: 'there is no word "x"', remedy: 'use "y"', at: POSITION },
  { code: 'label-invalid', message: '<b>label</b> is not valid' },
]);

afterEach(() => {
  jest.restoreAllMocks();
});

/** What the runner writes to the log for GitHub to read, line by line. */
function written(work: () => void): string[] {
  const lines: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation(text => lines.push(String(text)) > 0);
  work();
  return lines.join('').split(/\r?\n/);
}

describe('a failure', () => {
  it('leaves the code of its first problem as the output "error"', () => {
    const runner = fakeRunner();
    reportFailure(twoProblems, runner);
    expect(runner.outputs).toEqual({ error: 'word-unknown' });
  });

  it('that no message was written for leaves a code of ours, never the text', () => {
    const runner = fakeRunner();
    reportFailure(new Error('lock-timeout'), runner);
    expect(runner.outputs).toEqual({ error: 'unexpected' });
  });

  it('to load a file of the bundle, as Node throws it, says which one is missing', () => {
    const runner = fakeRunner();
    const url = 'file:///work/_actions/slipway/dist/library/yaml.mjs';
    reportFailure(
      Object.assign(new Error('Cannot find module'), { code: 'ERR_MODULE_NOT_FOUND', url }),
      runner,
    );
    expect(runner.outputs).toEqual({ error: 'bundle-incomplete' });
    expect(runner.summary).toContain('the bundle is incomplete: dist/library/yaml.mjs is missing; delete');
  });

  it('is listed in the summary with a link for each problem to its explanation', () => {
    const runner = fakeRunner();
    reportFailure(twoProblems, runner);
    const page = 'https://github.com/slipway-dev/slipway/blob/main/docs/errors.md';
    expect(runner.summary).toMatch(/^\n\n### ❌ The step failed\n\n- /);
    expect(runner.summary).toContain(`([word-unknown](${page}#word-unknown))\n`);
    expect(runner.summary).toContain(
      `- &#60;b&#62;label&#60;/b&#62; is not valid ([label-invalid](${page}#label-invalid))\n`,
    );
  });

  it('is not told in the summary again where a page of its own has told it, but for its line', () => {
    const runner = fakeRunner();
    const at = { path: 'stencils/api.yaml', line: 7, column: 3 };
    const problem = { code: 'rolled-back', message: 'it is crash-looping', at, isInSummary: true } as const;
    reportFailure(new SlipwayError(problem), runner);
    expect(runner.summary).toMatch(
      /\n- stencils\/api\.yaml:7:3: see above \(\[rolled-back\]\([^)]+#rolled-back\)\)\n/,
    );
    expect(runner.summary).not.toContain('crash-looping');
    expect(runner.annotations).toMatchObject([{ message: 'stencils/api.yaml:7:3: it is crash-looping', at }]);
  });

  it('is an annotation on its line, with the code in its title and at the end of the line of the log', () => {
    const lines = written(() => reportFailure(twoProblems, actionsRunner({}, new AbortController().signal)));
    expect(lines).toContain(
      '::error title=Slipway%3A word-unknown,file=formations/shop.yaml,line=3,col=7::formations/shop.yaml:3:7: there is no word "x"; use "y" (word-unknown)',
    );
  });

  it('has its position in the line of the log too, which is all that the log shows', () => {
    const at = { path: 'stencils/api.yaml', line: 7, column: 3 };
    const lines = written(() =>
      actionsRunner({}, new AbortController().signal).annotate({
        ...{ severity: 'warning', code: 'own', message: 'wrong', at },
      }),
    );
    expect(lines).toContain(
      '::warning title=Slipway%3A own,file=stencils/api.yaml,line=7,col=3::stencils/api.yaml:7:3: wrong (own)',
    );
  });

  it('has no code in its title and line if it is about several', () => {
    const lines = written(() =>
      actionsRunner({}, new AbortController().signal).annotate({
        severity: 'error',
        message: '2 more errors',
      }),
    );
    expect(lines).toContain('::error title=Slipway::2 more errors');
  });

  it('shows controls in what someone else named, instead of obeying them', () => {
    const codes = [0x1b, 0x9b, 0x202e, 0x2066, 0x7f].map(code => String.fromCodePoint(code));
    const message = `Pod a${codes.join('')}b${'\t'}c failed`;
    const lines = written(() =>
      actionsRunner({}, new AbortController().signal).annotate({ severity: 'error', code: 'own', message }),
    );
    expect(lines).toContain(`::error title=Slipway%3A own::Pod a${'\u{FFFD}'.repeat(5)}b\tc failed (own)`);
  });

  it('keeps its code where it comes after the ten that GitHub shows', () => {
    const problems = Array.from({ length: 11 }, (_, index) => ({
      code: `code-${index}`,
      message: 'wrong',
      at: { path: 'a.yaml', line: index + 1, column: 1 },
    }));
    const [first, ...others] = problems;
    const error = new SlipwayError([first as (typeof problems)[0], ...others]);
    const lines = written(() => reportFailure(error, actionsRunner({}, new AbortController().signal)));
    expect(lines).toContain('error: a.yaml:11:1: wrong (code-10)');
  });

  it("cannot be made a command of the runner's by the name of a rule", () => {
    const code = `own/a${String.fromCodePoint(0x202e)},file=x::y\n::set-output name=z::1`;
    const lines = written(() =>
      actionsRunner({}, new AbortController().signal).annotate({ severity: 'error', code, message: 'wrong' }),
    );
    expect(lines.filter(line => line !== '')).toEqual([
      '::error title=Slipway%3A own/a %2Cfile=x%3A%3Ay %3A%3Aset-output name=z%3A%3A1::wrong (own/a ,file=x::y ::set-output name=z::1)',
    ]);
  });
});
