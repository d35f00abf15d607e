import { defined, type ObjectVerdict, type SlipwayError } from '@slipway/core';
import { CheckRuns } from './check-runs/check-runs.ts';
import { collectEvidence } from './evidence/collect.ts';
import type { Evidence } from './evidence/evidence.ts';
import { faultOf } from './fault.ts';
import { askForChanges, keepOwners } from './judge/ask-changes.ts';
import { askForEnds } from './judge/ask-ends.ts';
import { type Judgement, judge, type Outcome } from './judge/judge.ts';
import { emptyMemory, type Memory, remember, withLimitedPatience } from './judge/memory.ts';
import { observe } from './judge/observe.ts';
import type { RolloutOptions, RolloutResult, RolloutVerdict } from './rollout.ts';
import { culprits, summarise } from './summary.ts';
import { Timeline } from './timeline.ts';
import { readExpectations } from './watch/expectations.ts';
import type { FeedContext } from './watch/feed.ts';
import { openFeeds, openSuccessorFeed, readAgain } from './watch/feeds.ts';
import { queriesFor } from './watch/queries.ts';
import { Store } from './watch/store.ts';
import { WakeUp } from './watch/wake-up.ts';

/** The most failing objects whose evidence is collected; the others usually fail for the same reason. */
const MAX_EXPLAINED = 5;

/** Milliseconds until something is asked again that the cluster did not answer. */
const ASK_AGAIN = 2_000;

interface Watcher {
  readonly options: RolloutOptions;
  readonly store: Store;
  readonly wakeUp: WakeUp;
  readonly timeline: Timeline;
  readonly checks: CheckRuns;
  superseded: boolean;
  /** Why what has to be watched cannot be watched. */
  failure: SlipwayError | undefined;
}

/**
 * Watches objects until there is one verdict for all of them, with its reason. Nothing is polled: the verdict is computed again when
 * the cluster reports a change, and when time alone can change it.
 * @throws SlipwayError `cluster-…` where the cluster cannot be read at the beginning, and `cluster-forbidden` where it can be read and not
 * be watched; the signal's reason when it aborts
 */
export async function watchRollout(options: RolloutOptions): Promise<RolloutResult> {
  const started = options.clock();
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const wakeUp = new WakeUp(signal);
  const watcher: Watcher = {
    options,
    wakeUp,
    store: new Store(),
    timeline: new Timeline(options),
    checks: new CheckRuns(options, signal, () => wakeUp.wake()),
    superseded: false,
    failure: undefined,
  };
  try {
    await follow(watcher, contextOf(watcher, signal));
    const { judgement, verdict } = await waitForVerdict(watcher);
    return await conclude(watcher, judgement, verdict, started);
  } finally {
    stop.abort();
    await watcher.checks.ended();
  }
}

function contextOf(watcher: Watcher, signal: AbortSignal): FeedContext {
  const { client, logger } = watcher.options;
  const wake = (): void => watcher.wakeUp.wake();
  const fail = (error: SlipwayError): void => {
    watcher.failure ??= error;
    wake();
  };
  return { client, signal, logger, wake, fail };
}

async function follow(watcher: Watcher, context: FeedContext): Promise<void> {
  const { options, store, wakeUp } = watcher;
  keepOwners(options.objects, store);
  await Promise.all([
    readExpectations(options, store),
    openFeeds(queriesFor(options.objects), store, context),
    options.successor &&
      openSuccessorFeed(options.successor, context, () => {
        watcher.superseded = true;
        wakeUp.wake();
      }),
  ]);
}

async function waitForVerdict(
  watcher: Watcher,
): Promise<{ readonly judgement: Judgement; readonly verdict: RolloutVerdict }> {
  const { options, store, wakeUp, timeline, checks } = watcher;
  let memory: Memory = emptyMemory(options.clock().getTime());
  let lookedAgain = false;
  for (;;) {
    options.signal.throwIfAborted();
    if (watcher.failure !== undefined) throw watcher.failure;
    const now = options.clock().getTime();
    await askForEnds(options.client, options.objects, store);
    await askForChanges(options.objects, store);
    const seen = withLimitedPatience(memory, observe(options.objects, store, options.rules), now);
    const { observations } = seen;
    memory = remember(seen.memory, observations, now);
    const { current } = store;
    const { stableFor, timeout, deadline, windows } = options;
    const { superseded } = watcher;
    const unfinished = options.unfinished !== undefined;
    const times = { stableFor, timeout, deadline, windows };
    const terms = { ...times, current, superseded, unfinished, checks: checks.state };
    const judgement = judge(observations, memory, terms, now);
    timeline.note(judgement.outcomes, new Date(now));
    if (judgement.settled && !unfinished) checks.begin(new Date(now));
    const { verdict } = judgement;
    if (verdict !== undefined && (verdict !== 'succeeded' || lookedAgain)) return { judgement, verdict };
    lookedAgain = verdict === 'succeeded';
    if (lookedAgain) await lookAgain(watcher);
    else await wakeUp.next(Math.min(judgement.nextCheck - now, store.changes.isOpen ? ASK_AGAIN : Infinity));
  }
}

/** What is not watched may have changed since the beginning, and a success is said of it too. */
async function lookAgain(watcher: Watcher): Promise<void> {
  const { options, store } = watcher;
  await readAgain(queriesFor(options.objects), store, contextOf(watcher, options.signal));
}

async function conclude(
  { options, store, timeline, checks }: Watcher,
  judgement: Judgement,
  verdict: RolloutVerdict,
  started: Date,
): Promise<RolloutResult> {
  const decided = options.clock();
  const explained = culprits(judgement, verdict).slice(0, MAX_EXPLAINED);
  const evidence = new Map(
    await Promise.all(
      explained.map(async outcome => [outcome, await collectEvidence(options, outcome, store)] as const),
    ),
  );
  return {
    verdict,
    summary: summarise(verdict, judgement, {
      evidence,
      unfinished: options.unfinished,
      checks: checks.results(),
      interruption: store.interruption,
      duration: decided.getTime() - started.getTime(),
    }),
    // Where the release stopped on its way, no manifest is at fault for what it did not come to.
    fault: explained[0] && options.unfinished === undefined ? faultOf(explained[0]) : undefined,
    objects: worstFirst(judgement.outcomes).map(outcome => objectVerdict(outcome, evidence.get(outcome))),
    ran: judgement.outcomes.filter(({ ran }) => ran === true).map(({ object }) => object),
    checks: checks.results(),
    timeline: timeline.entries(verdict, decided),
    started,
    finished: options.clock(),
  };
}

const ORDER: readonly ObjectVerdict['status'][] = [
  'failed',
  'in-progress',
  'already-failing',
  'unknown',
  'ready',
];

function worstFirst(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

function objectVerdict(
  { object, state, message, trouble }: Outcome,
  evidence: readonly Evidence[] | undefined,
): ObjectVerdict {
  const { apiVersion, kind, namespace, name } = object;
  return {
    object: { apiVersion, kind, ...defined({ namespace }), name },
    status: state,
    message,
    ...(trouble === undefined ? {} : { reason: trouble.reason }),
    ...(trouble?.remedy === undefined ? {} : { remedy: trouble.remedy }),
    ...(evidence === undefined
      ? {}
      : { evidence: evidence.map(({ title, lines }) => ({ title, lines: [...lines] })) }),
  };
}
