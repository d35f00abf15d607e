import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { asker } from '../src/machine/ask.ts';

function asked(typed: string, signal = new AbortController().signal): Promise<string> {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const answer = asker({ stdin, stdout }, signal)('Where? ');
  stdin.end(typed);
  return answer;
}

describe('a question', () => {
  it('is answered by a line, which may be empty', async () => {
    expect([await asked('here\n'), await asked('\n')]).toEqual(['here', '']);
  });

  it('is not answered by the end of the input, which is not the likely answer', async () => {
    await expect(asked('')).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('is answered by a line that was typed before it was asked, once', async () => {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const ask = asker({ stdin, stdout }, new AbortController().signal);
    stdin.write('one\n\nthree\n');
    expect([await ask('1? '), await ask('2? '), await ask('3? ')]).toEqual(['one', '', 'three']);
    stdin.end();
    await expect(ask('4? ')).rejects.toMatchObject({ code: 'interrupted' });
    expect(String(stdout.read())).toBe('1? 2? \n3? three\n4? ');
  });

  it('is not answered by a line that was typed before the person interrupted', async () => {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const interrupted = new AbortController();
    const ask = asker({ stdin, stdout }, interrupted.signal);
    stdin.write('one\ntwo\n');
    await ask('1? ');
    interrupted.abort(new Error('stop'));
    await expect(ask('2? ')).rejects.toThrow('stop');
  });

  it('ends with the reason of an interruption', async () => {
    const interrupted = new AbortController();
    interrupted.abort(new Error('stop'));
    await expect(asked('', interrupted.signal)).rejects.toThrow();
  });
});
