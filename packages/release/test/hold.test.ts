import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { momentOf, startHold } from '../src/records/hold.ts';
import { lockTimes } from '../src/records/lock-times.ts';

const HOUR = 3_600_000;

/** A lock of an hour, with a wall clock that the test sets; nothing here waits. */
function hold(sentBefore = 0) {
  const wall = { ahead: 0 };
  const clock = () => new Date(Date.now() + wall.ahead);
  const { wall: now, steady } = momentOf(clock);
  const sent = { wall: now - sentBefore, steady: steady - sentBefore };
  return { wall, clock, held: startHold(sent, { clock, ...lockTimes(HOUR) }) };
}

function codeOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    return error instanceof SlipwayError ? error.code : 'another error';
  }
  return 'held';
}

describe('a lock', () => {
  it('is held for two thirds of the lease after the sending of a renewal, not after its answer', () => {
    const [young, old] = [hold(HOUR * 0.6), hold(HOUR * 0.67)];
    expect(codeOf(young.held.check)).toBe('held');
    expect(codeOf(old.held.check)).toBe('lock-lost');
    expect(old.held.signal.aborted).toBe(true);
    young.held.close();
  });

  it('is lost when a paused machine goes on, although no timer has run', () => {
    const { wall, held } = hold();
    wall.ahead = HOUR * 0.67;
    expect(codeOf(held.check)).toBe('lock-lost');
  });

  it('is not held longer because the clock of the machine is set back', () => {
    const { wall, held } = hold(HOUR * 0.67);
    wall.ahead = -HOUR;
    expect(codeOf(held.check)).toBe('lock-lost');
  });

  it('stays lost, whatever answer comes later', () => {
    const { held, clock } = hold(HOUR * 0.67);
    held.lose(new SlipwayError({ code: 'lock-lost', message: 'it was taken', remedy: 'run again' }));
    held.renewed(momentOf(clock));
    expect(codeOf(held.check)).toBe('lock-lost');
    held.close();
  });

  it('is lost for the reason for which its last renewals were refused, unless one was good after that', () => {
    const refusal = new SlipwayError({ code: 'cluster-unauthorized', message: 'x', remedy: 'renew them' });
    const [refused, renewed] = [hold(), hold()];
    for (const { held } of [refused, renewed]) held.refused(refusal);
    renewed.held.renewed(momentOf(renewed.clock));
    for (const { wall } of [refused, renewed]) wall.ahead = HOUR * 0.67;
    expect(codeOf(refused.held.check)).toBe('cluster-unauthorized');
    expect(codeOf(renewed.held.check)).toBe('lock-lost');
  });

  it('is settled at once, unless a write got no answer: then after the rest of the lease', () => {
    const { held } = hold();
    expect(held.settlesIn).toBe(0);
    held.unanswered();
    expect(held.settlesIn).toBeGreaterThan(HOUR * 0.3);
    expect(held.settlesIn).toBeLessThanOrEqual(HOUR / 3);
    held.close();
  });

  it('is given up before another run can have it, with time for what is under way', () => {
    const { duration, giveUpAfter, arrivesWithin, renewEvery, tryFor } = lockTimes(30_000);
    expect(giveUpAfter + arrivesWithin).toBeLessThanOrEqual(duration);
    expect(renewEvery + 2 * tryFor).toBeLessThanOrEqual(giveUpAfter);
    expect({ giveUpAfter, arrivesWithin }).toEqual({ giveUpAfter: 20_000, arrivesWithin: 10_000 });
  });
});
