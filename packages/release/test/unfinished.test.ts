import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { stopReason } from '../src/apply/unfinished.ts';

const never = new AbortController().signal;
const refused = (message: string) => new SlipwayError({ code: 'cluster-refused', message });

describe('the reason that a record keeps for a release that was not written completely', () => {
  it('is that of the error', () => {
    const error = new SlipwayError({ code: 'stage-failed', message: 'it failed', remedy: 'look at it' });
    expect(stopReason(error, never)).toBe('it failed; look at it');
  });

  it('is the cancellation, whatever it broke', () => {
    expect(stopReason(refused('no answer'), AbortSignal.abort())).toBe('the run was cancelled');
  });

  it('leaves out what the API server says of a Secret, which another job does not mask', () => {
    const error = refused('applying Secret shop/token: the API server refused: bad value "hunter2"');
    expect(stopReason(error, never)).toBe(
      'applying Secret shop/token: the API server refused it; the log of deploy says why',
    );
  });

  it('leaves out errors that were not expected, which may hold anything', () => {
    expect(stopReason(new TypeError('hunter2'), never)).not.toContain('hunter2');
  });
});
