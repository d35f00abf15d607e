import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { ask } from '../src/machine/ask.ts';

function asked(typed: string, signal = new AbortController().signal): Promise<string> {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const answer = ask('Where? ', { stdin, stdout }, signal);
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

  it('ends with the reason of an interruption', async () => {
    const interrupted = new AbortController();
    interrupted.abort(new Error('stop'));
    await expect(asked('', interrupted.signal)).rejects.toThrow();
  });
});
