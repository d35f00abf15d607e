import { describe, expect, it } from '@jest/globals';
import { parseCommandFile } from '../src/runner/command-files.ts';
import { StepLog } from '../src/runner/workflow-commands.ts';

describe('a file of commands', () => {
  it('gives plain and multi-line values', () => {
    const text = 'tag=v1=2\nnotes<<END-1\nfirst\n\nlast\nEND-1\nempty=\n';
    expect(parseCommandFile(text)).toEqual({ tag: 'v1=2', notes: 'first\n\nlast', empty: '' });
  });

  it('is refused when a value has no end, as a runner refuses it', () => {
    expect(() => parseCommandFile('notes<<END\nfirst\n')).toThrow('no end');
    expect(() => parseCommandFile('neither\n')).toThrow('line 1');
  });
});

describe('the log of a step', () => {
  it('blanks out what was masked before, line by line', () => {
    const log = new StepLog();
    expect(log.take('hush')).toBe('hush');
    expect(log.take('::add-mask::hush')).toBeUndefined();
    expect(log.take('the word is hush, hush')).toBe('the word is ***, ***');
    expect(log.lines).toEqual(['hush', 'the word is ***, ***']);
  });

  it('keeps annotations with their positions, unescaped', () => {
    const log = new StepLog();
    log.take('::error file=a%2Cb.yaml,line=3,col=7,title=Oops%3A::broken%0Aagain');
    expect(log.annotations).toEqual([
      { severity: 'error', message: 'broken\nagain', file: 'a,b.yaml', line: 3, column: 7, title: 'Oops:' },
    ]);
  });

  it('shows neither debug lines nor ends of groups', () => {
    const log = new StepLog();
    for (const line of ['::group::Apply', '::debug::quiet', '::endgroup::', 'done']) log.take(line);
    expect(log.lines).toEqual(['Apply', 'done']);
  });
});
