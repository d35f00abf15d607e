import { setTimeout as sleep } from 'node:timers/promises';
import type { Both, Seen } from '@slipway/judging';
import { type AskPrometheus, type PrometheusAnswer, queryAt } from '../checks/prometheus/client.ts';
import { type JudgedWindow, podLabel, queryOfSide, type StepSides } from './sides.ts';

/** Whom to ask about which pods at which time. */
export interface SideContext {
  readonly ask: AskPrometheus;
  readonly sides: StepSides;
  readonly window: JudgedWindow;
  readonly signal: AbortSignal;
  /** Milliseconds between two attempts, if Prometheus does not answer. */
  readonly retryAfter?: number | undefined;
}

const SIDES = ['stable', 'next'] as const;
const ATTEMPTS = 3;
const RETRY_AFTER = 5_000;

/** Asks the same about both versions; what has no answer is missing, and no value. */
export async function askBoth<Found>(
  query: string,
  context: SideContext,
  askOne: (query: string) => Promise<PrometheusAnswer<Found>>,
): Promise<Both<Seen<Found>>> {
  const [stable, next] = await Promise.all(
    SIDES.map(async (side): Promise<Seen<Found>> => {
      const filled = queryOfSide(query, context.sides[side], context.window);
      return 'missing' in filled ? filled : await askAgain(() => askOne(filled.query), context);
    }),
  );
  return { stable, next } as Both<Seen<Found>>;
}

/** Prometheus may be away for a moment; a step that cannot be judged keeps people waiting. */
async function askAgain<Found>(
  askOnce: () => Promise<PrometheusAnswer<Found>>,
  { signal, retryAfter = RETRY_AFTER }: SideContext,
): Promise<Seen<Found>> {
  for (let attempt = 1; ; attempt++) {
    const answer = await askOnce();
    if ('found' in answer) return answer;
    if ('refused' in answer) return { missing: answer.refused };
    if (attempt === ATTEMPTS) return { missing: `${answer.unanswered}, ${ATTEMPTS} times in a row` };
    await sleep(retryAfter, undefined, { signal });
  }
}

/**
 * Why counts of the two versions cannot be compared: pods that two monitors scrape are counted twice. Undefined where all are scraped
 * alike, and where Prometheus does not scrape the pods itself.
 */
export async function unequalScrapes(query: string, context: SideContext): Promise<string | undefined> {
  const label = podLabel(query);
  if (label === undefined) return undefined;
  const [word = 'pods'] = /pods(?:\.[A-Za-z0-9_.-]+)?(?=\})/.exec(query.slice(query.indexOf('${pods'))) ?? [];
  const counted = `count by (${label}) (up{${label}=~"\${${word}}"})`;
  const found = await askBoth(counted, context, text =>
    queryAt(context.ask, text, context.window.to, context.signal),
  );
  const [stable, next] = SIDES.map(side => {
    const seen = found[side];
    return 'found' in seen ? seen.found.map(({ value }) => value) : undefined;
  });
  if (stable === undefined || next === undefined) return undefined;
  const [one, other] = [stable, next].map(values => [...new Set(values)].toSorted().join(' or ') || '0');
  return one === other
    ? undefined
    : `a pod of next is scraped by ${other} and one of stable by ${one} targets, so that their numbers cannot be compared`;
}
