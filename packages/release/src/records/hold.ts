import type { Limit } from '@slipway/cluster';
import { type Clock, formatDuration, type SlipwayError } from '@slipway/core';
import { lockLost } from './lock-errors.ts';

/** When something was sent, in milliseconds by two clocks: one can be set, and the other may stop while a machine is paused. */
export interface Moment {
  readonly wall: number;
  readonly steady: number;
}

export function momentOf(clock: Clock): Moment {
  return { wall: clock().getTime(), steady: performance.now() };
}

/** How long a run holds its lock: until a while after the sending of the last good renewal. */
export interface Hold extends Limit {
  /** Counts from when a good renewal was sent: a waiting run counts from when it arrived, which is later. */
  renewed(sent: Moment): void;
  /** Is told why a renewal was refused, which is the reason if the hold ends for that. */
  refused(error: SlipwayError): void;
  /** Ends it at once, with the reason. */
  lose(reason: SlipwayError): void;
  /** Milliseconds until no write of this run can arrive any more, as far as is promised. */
  readonly settlesIn: number;
  /** Must be called in the end. */
  close(): void;
}

export interface HoldTerms {
  readonly clock: Clock;
  /** Milliseconds after the sending of the last good renewal. */
  readonly giveUpAfter: number;
  /** Milliseconds within which a write that got no answer arrives. */
  readonly arrivesWithin: number;
}

/** @param sent when the lock was asked for */
export function startHold(sent: Moment, { clock, giveUpAfter, arrivesWithin }: HoldTerms): Hold {
  const end = new AbortController();
  let last = sent;
  let unanswered = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const lose = (reason: SlipwayError): void => {
    clearTimeout(timer);
    end.abort(reason);
  };
  let refusal: SlipwayError | undefined;
  const expire = (): void =>
    lose(refusal ?? lockLost(`the lock could not be renewed for ${formatDuration(giveUpAfter)}`));
  const renewed = (moment: Moment): void => {
    last = moment;
    refusal = undefined;
    clearTimeout(timer);
    const left = Math.max(0, giveUpAfter - (performance.now() - moment.steady));
    if (!end.signal.aborted) timer = setTimeout(expire, left);
  };
  renewed(sent);
  return {
    signal: end.signal,
    renewed,
    refused(error) {
      refusal = error;
    },
    lose,
    check() {
      const now = momentOf(clock);
      const age = Math.max(now.wall - last.wall, now.steady - last.steady);
      if (age >= giveUpAfter) expire();
      end.signal.throwIfAborted();
    },
    unanswered() {
      unanswered = performance.now();
    },
    get settlesIn() {
      return Math.max(0, unanswered + arrivesWithin - performance.now());
    },
    close: () => clearTimeout(timer),
  };
}
