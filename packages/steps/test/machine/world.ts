import type { ReleaseSteps } from '@slipway/core';
import { type Action, closed, type Decision, type Observed, step, type Verdict } from '../../src/index.ts';
import { NOW } from './look.ts';

/** A cluster in which acts take effect at once, and of which the walks change what Slipway does not. */
export interface World {
  copies: Record<string, number>;
  selector: Observed['selector'];
  copy: Observed['copy'];
  stable: Observed['stable'];
  stableServes: boolean;
  isStableGone: boolean;
  stableSizes: Record<string, number>;
  foreign: Observed['foreign'];
  crossed: string | undefined;
  verdict: 'passed' | 'failed' | 'inconclusive';
  commitRefused: string | undefined;
  lastHalf: Observed['lastHalf'];
  held: Observed['held'];
  isFirstHalfTakenBack: boolean;
  now: Date;
}

export interface Kept {
  steps: ReleaseSteps;
  verdict?: Verdict;
  /** How often the record was changed. */
  writes: number;
}

export function newWorld(): World {
  return {
    copies: {},
    selector: 'stable',
    copy: { state: 'ready' },
    stable: { state: 'ready' },
    stableServes: true,
    isStableGone: false,
    stableSizes: { api: 4 },
    foreign: undefined,
    crossed: undefined,
    verdict: 'passed',
    commitRefused: undefined,
    lastHalf: 'to-write',
    held: 'narrowed',
    isFirstHalfTakenBack: false,
    now: NOW,
  };
}

/** The share of new connections that the copy gets, in percent. */
export function shareOf({ selector, copies, stableSizes }: World): number {
  const [copy, stable] = [copies['api'] ?? 0, stableSizes['api'] ?? 0];
  if (selector === 'stable' || copy === 0) return 0;
  return selector === 'next' ? 100 : (100 * copy) / (copy + stable);
}

export type Ended = 'open' | 'refused' | 'closed' | 'killed';

export interface Visit {
  readonly decision?: Decision | undefined;
  /** Milliseconds for which the run stays for bakes. */
  readonly attend: number;
  /** After how many acts it is killed; never by default. */
  readonly killedAfter?: number;
  /** Is called after each act. */
  readonly check?: (action: Action) => void;
}

/** A run, as verify-rollout does it: each act follows from the record as it is then, and from a new look. */
export function visit(
  world: World,
  kept: Kept,
  { attend, killedAfter = Number.POSITIVE_INFINITY, check, decision }: Visit,
): Ended {
  const run = { decision, until: new Date(world.now.getTime() + attend) };
  let found: Found = {};
  for (let acts = 0; acts < 500; acts++) {
    if (acts >= killedAfter) return 'killed';
    if (kept.verdict !== undefined) return 'closed';
    const seen = observe(world, kept.steps, found);
    const action = step({ steps: kept.steps, seen, run, now: world.now });
    found = action.do === 'judge' ? judge(world, action.what) : {};
    const ended = carryOut(world, kept, action);
    if (action.do === 'move' && (action.decides || action.to.phase === 'undoing')) run.decision = undefined;
    check?.(action);
    if (ended !== undefined) return ended;
  }
  throw new Error(`it does not end: ${JSON.stringify({ world, steps: kept.steps })}`);
}

type Found = Pick<Observed, 'judgement' | 'commit'>;

function judge(world: World, what: 'step' | 'commit'): Found {
  if (what === 'commit') return { commit: { refused: world.commitRefused } };
  return { judgement: { verdict: world.verdict, summary: world.verdict } };
}

function carryOut(world: World, kept: Kept, action: Action): Ended | undefined {
  if (action.do === 'wait') return 'open';
  if (action.do === 'refuse') return 'refused';
  if (action.do === 'watch') return pass(world, action.until) ? undefined : 'open';
  if (action.do === 'done') close(kept, action.verdict);
  if (action.do === 'reach') act(world, kept.steps, action);
  if (action.do === 'move') {
    kept.steps = action.to;
    kept.writes++;
  }
  return undefined;
}

function observe(world: World, { target }: ReleaseSteps, found: Found): Observed {
  const areCopiesSized = Object.entries(target.sizes).every(
    ([name, size]) => (world.copies[name] ?? 0) === size,
  );
  return { ...world, ...found, areCopiesSized, lost: 0 };
}

export function act(
  world: World,
  { target, times }: ReleaseSteps,
  { part, force }: Extract<Action, { do: 'reach' }>,
): void {
  if (force && world.foreign?.canBeTakenBack === true) world.foreign = undefined;
  const size = (): void => {
    world.copies = { ...target.sizes };
  };
  switch (part) {
    case 'copies':
      size();
      return;
    case 'stable':
      world.isStableGone = false;
      return;
    case 'traffic':
      size();
      world.selector = target.selector;
      return;
    case 'home':
      world.selector = 'stable';
      size();
      return;
    case 'last-half':
      world.lastHalf = 'written';
      return;
    case 'last-half-back':
      world.lastHalf = 'taken-back';
      return;
    case 'held':
      world.held =
        typeof times['commit-began'] === 'string' && world.lastHalf === 'written'
          ? 'as-released'
          : 'as-stable';
      return;
    case 'first-half-back':
      world.isFirstHalfTakenBack = true;
  }
}

/** Time passes until then; what only others could change does not change. */
function pass(world: World, until: Date | undefined): boolean {
  if (until === undefined) return false;
  if (until > world.now) world.now = until;
  else return false;
  return true;
}

function close(kept: Kept, verdict: Verdict): void {
  kept.steps = closed(kept.steps);
  kept.verdict = verdict;
  kept.writes++;
}
