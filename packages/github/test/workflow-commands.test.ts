import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  debug,
  endGroup,
  error,
  info,
  notice,
  saveState,
  setOutput,
  setSecret,
  startGroup,
  warning,
} from '@actions/core';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { type WorkflowCommands, workflowCommands } from '../src/workflow-commands.ts';

const LIBRARY = { error, warning, notice, setOutput, saveState };

const SEED = Math.floor(Math.random() * 2 ** 31);

/** What GitHub's own library writes to the log. */
function writtenByLibrary(act: () => void): string {
  const written: string[] = [];
  const write = jest
    .spyOn(process.stdout, 'write')
    .mockImplementation(text => written.push(String(text)) > 0);
  try {
    act();
  } finally {
    write.mockRestore();
  }
  return written.join('');
}

function writtenByUs(act: (commands: WorkflowCommands) => void, environment = {}): string {
  const written: string[] = [];
  act(workflowCommands(environment, text => written.push(text)));
  return written.join('');
}

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...':,%\r\n=ab') }));
const position = fc.option(fc.nat({ max: 10_000 }), { nil: undefined });

function holds<Value>(arbitrary: fc.Arbitrary<Value>, predicate: (value: Value) => void): void {
  fc.assert(fc.property(arbitrary, predicate), { seed: SEED, numRuns: 500 });
}

describe(`commands are those that @actions/core writes (seed ${SEED})`, () => {
  it('for lines of the log and debug messages', () => {
    holds(text, line => {
      expect(writtenByUs(one => one.info(line))).toBe(writtenByLibrary(() => info(line)));
      expect(writtenByUs(one => one.debug(line))).toBe(writtenByLibrary(() => debug(line)));
    });
  });

  it('for groups and masks', () => {
    holds(text, line => {
      expect(writtenByUs(one => one.startGroup(line))).toBe(writtenByLibrary(() => startGroup(line)));
      expect(writtenByUs(one => one.addMask(line))).toBe(writtenByLibrary(() => setSecret(line)));
    });
    expect(writtenByUs(one => one.endGroup())).toBe(writtenByLibrary(() => endGroup()));
  });

  it.each(['error', 'warning', 'notice'] as const)('for annotations: %s', severity => {
    const annotations = fc.record({
      message: text,
      title: text,
      file: fc.option(text, { nil: undefined }),
      line: position,
      endLine: position,
      col: position,
      endColumn: position,
    });
    holds(annotations, ({ message, title, file, line, endLine, col, endColumn }) => {
      const properties = { title, file, line, endLine, col, endColumn } as Parameters<
        WorkflowCommands['annotate']
      >[2];
      const theirs = { title, file, startLine: line, endLine, startColumn: col, endColumn } as object;
      expect(writtenByUs(one => one.annotate(severity, message, properties))).toBe(
        writtenByLibrary(() => LIBRARY[severity](message, theirs)),
      );
    });
    expect(writtenByUs(one => one.annotate(severity, 'alone'))).toBe(
      writtenByLibrary(() => LIBRARY[severity]('alone')),
    );
  });
});

describe('outputs and states', () => {
  let folder: string;
  const saved = { ...process.env };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-commands-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    for (const name of ['GITHUB_OUTPUT', 'GITHUB_STATE']) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
  });

  it.each([
    ['OUTPUT', 'setOutput'],
    ['STATE', 'saveState'],
  ] as const)('go to the file of GITHUB_%s as @actions/core writes it', (file, act) => {
    const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')];
    holds(fc.tuple(text, text), ([name, value]) => {
      for (const path of [ours, theirs]) writeFileSync(path, '');
      const log = writtenByUs(one => one[act](name, value), { [`GITHUB_${file}`]: ours });
      process.env[`GITHUB_${file}`] = theirs;
      LIBRARY[act](name, value);
      expect(log).toBe('');
      const [left, right] = [ours, theirs].map(path => withoutDelimiter(readFileSync(path, 'utf8')));
      expect(left).toBe(right);
    });
  });

  it('go to the log where a server is too old for such files', () => {
    delete process.env['GITHUB_OUTPUT'];
    delete process.env['GITHUB_STATE'];
    const value = 'two\nlines: 100 %';
    const states = {
      output: writtenByUs(one => one.setOutput('tag', value)),
      state: writtenByUs(one => one.saveState('tag', value)),
    };
    expect(states).toEqual({
      output: writtenByLibrary(() => setOutput('tag', value)),
      state: `\n${writtenByLibrary(() => saveState('tag', value))}`,
    });
  });

  it('are between two lines that are other ones each time', () => {
    const path = join(folder, 'outputs');
    writeFileSync(path, '');
    const commands = workflowCommands({ GITHUB_OUTPUT: path }, () => {});
    commands.setOutput('a', '1');
    commands.setOutput('a', '1');
    const delimiters = [...readFileSync(path, 'utf8').matchAll(/ghadelimiter_[0-9a-f-]{36}$/gm)].map(String);
    expect(new Set(delimiters).size).toBe(2);
  });
});

function withoutDelimiter(written: string): string {
  return written.replaceAll(/ghadelimiter_[0-9a-f-]{36}/g, 'DELIMITER');
}
