import { describe, expect, it } from '@jest/globals';
import type { ReleaseSteps } from '@slipway/core';
import { beforeNewer, type Look, type Observed, step, whenCancelled } from '../../src/index.ts';
import { at, committing, decision, later, look, NOW, stepsIn, undoing, waitingIn } from './look.ts';

/** What is expected of an action, in the words of the table. */
type Expected = Readonly<Record<string, unknown>>;
type Cell = readonly [event: string, phase: string, Look, Expected];

const reach = (part: string, force = false): Expected => ({ do: 'reach', part, force });
const waits = (what: string): Expected => ({ do: 'wait', for: what });
const moves = (to: Expected): Expected => ({ do: 'move', to });
const refused = (why: string): Expected => ({ do: 'refuse', why: expect.stringContaining(why) });
const undone = (by: string): Expected =>
  moves({
    phase: 'undoing',
    undo: { by, verdict: 'rolled-back' },
    target: { selector: 'stable', asked: 0, real: 0, sizes: { api: 0 } },
  });

const starting = (changes: Partial<ReleaseSteps> = {}): ReleaseSteps => {
  const { times, ...steps } = stepsIn(0);
  return { ...steps, phase: 'starting', times: { brought: at(-1), expires: times.expires }, ...changes };
};
const passed = { verdict: 'passed', summary: 'all passed' } as const;
const failed = { verdict: 'failed', summary: '3 % errors' } as const;
const unclear = { verdict: 'inconclusive', summary: '4 requests' } as const;
const due = { since: at(-20), due: at(-10) };
const crashed = { copy: { state: 'failed', message: 'api-next is crash-looping' } } as const;
const gone = { stableServes: false, stable: { state: 'failed', message: 'no pod' } } as const;
/** All of its pods are as they are to be: there is to be none. */
const scaledAway = { stableServes: false, stableSizes: { api: 0 } } as const;
const restored = { stableServes: false, isStableBack: true } as const;
const edit = { foreign: { what: 'kubectl changed Service api', canBeTakenBack: true } } as const;
/** All that the release did is taken back. */
const taken = { areCopiesSized: true, held: 'as-stable', isFirstHalfTakenBack: true } as const;
const differing = {
  verdict: 'rolled-back',
  by: 'decision',
  why: 'x',
  differs: 'someone changed it',
} as const;
const unselected = { stableServes: false, unselected: 'the pods of Deployment api lack the label' } as const;
const strange = { stranger: 'Deployment api-next is of someone else' } as const;
/** The last half is written, users are with stable, and no copy is to be left. */
const home: ReleaseSteps = committing({
  target: { ...committing().target, sizes: { api: 0 } },
});
const rolled = (changes: Partial<ReleaseSteps> = {}): ReleaseSteps =>
  committing({
    phase: 'undoing',
    undo: { verdict: 'rolled-back', by: 'decision', why: 'octocat rejected it' },
    ...changes,
  });

const all100: ReleaseSteps['list'] = [
  { weight: 0, pause: 'qa' },
  { weight: 100, bake: '20m', unwatched: true },
];
const expired = { brought: at(-900), expires: at(-1) };
const bounded: Partial<Observed> = { crossed: 'latency of next is 2 s, above 1.5 s' };
const byRelease: Look['run'] = {
  until: later(30),
  decision: decision('promote', undefined, { commit: 'only acme/release may' }),
};

const LOOKS: readonly Cell[] = [
  ['a look', 'starting: brings the copies', look(starting(), { areCopiesSized: false }), reach('copies')],
  [
    'a look',
    'starting: watches until they are ready',
    look(starting(), { copy: { state: 'progressing', message: '' } }),
    { do: 'watch' },
  ],
  [
    'a look',
    'starting: the step begins',
    look(starting()),
    moves({ phase: 'baking', times: { since: at(0), due: at(0) } }),
  ],
  ['a look', 'starting: the copy never becomes ready', look(starting(), crashed), undone('health')],
  [
    'a look',
    'starting: deploy was killed before the first half was whole',
    look(starting({ times: { expires: at(9) } })),
    undone('health'),
  ],
  ['a look', 'baking: watches until it is due', look(stepsIn(1)), { do: 'watch', until: later(5) }],
  [
    'a look',
    'baking: the selector follows the copy',
    look(stepsIn(1), { selector: 'stable' }),
    reach('traffic'),
  ],
  [
    'a look',
    'baking: users wait for a copy that is ready',
    look(stepsIn(1), { selector: 'stable', copy: { state: 'progressing', message: '' } }),
    { do: 'watch' },
  ],
  ['a look', 'baking: judges at due', look(stepsIn(1, { times: due })), { do: 'judge', what: 'step' }],
  [
    'a look',
    'baking: not judged while the copy is not ready',
    look(stepsIn(1, { times: due }), { copy: { state: 'progressing', message: '' } }),
    { do: 'watch' },
  ],
  [
    'a look',
    'baking: what could not be judged does not count',
    look(stepsIn(1), { lost: 60_000 }),
    moves({ times: { due: at(6) } }),
  ],
  [
    'a look',
    'baking: passed, with a pause',
    look(stepsIn(1, { times: due }), { judgement: passed }),
    moves({
      phase: 'waiting',
      'waiting-for': 'early',
      target: { at: 1 },
      results: [{ at: 0 }, { at: 1, verdict: 'passed' }],
    }),
  ],
  [
    'a look',
    'baking: passed, without a pause',
    look(stepsIn(0, { times: due }), { judgement: passed }),
    moves({ phase: 'baking', target: { at: 1, selector: 'both', asked: 20, real: 20, sizes: { api: 1 } } }),
  ],
  [
    'a look',
    'baking: the last passed, without a pause',
    look(stepsIn(1, { list: all100, times: due }), { judgement: passed }),
    moves({ phase: 'committing', target: { selector: 'next' } }),
  ],
  ['a look', 'baking: failed', look(stepsIn(1, { times: due }), { judgement: failed }), undone('judgement')],
  [
    'a look',
    'baking: nothing can be said',
    look(stepsIn(1, { times: due }), { judgement: unclear }),
    moves({ phase: 'waiting', 'waiting-for': 'step-1' }),
  ],
  [
    'a look',
    'baking: nothing can be said, on-inconclusive: reject',
    look(stepsIn(1, { times: due, settings: { 'on-inconclusive': 'reject' } }), { judgement: unclear }),
    undone('judgement'),
  ],
  ['a look', 'baking: a hard bound', look(stepsIn(1), bounded), undone('judgement')],
  ['a look', 'baking: the copy crashes', look(stepsIn(1), crashed), undone('health')],
  [
    'a look',
    'baking: the copy grows with stable',
    look(stepsIn(1), { stableSizes: { api: 12 } }),
    moves({ target: { sizes: { api: 3 }, real: 20 } }),
  ],
  [
    'a look',
    'baking: the copy does not shrink with it',
    look(stepsIn(2), { stableSizes: { api: 1 } }),
    { do: 'watch', until: later(5) },
  ],
  [
    'a look',
    'baking: it does not fit into attend',
    look(stepsIn(1), {}, { until: later(1) }),
    moves({ phase: 'waiting', 'waiting-for': 'time' }),
  ],
  [
    'a look',
    'baking: it does not fit, and may not go on unwatched',
    look(stepsIn(1, { list: [{ weight: 0 }, { weight: 20, bake: '1h' }] }), {}, { until: later(1) }),
    undone('unwatched'),
  ],
  ['a look', 'waiting: healthy', look(waitingIn(1, 'early')), waits('early')],
  ['a look', 'waiting: bad health', look(waitingIn(1, 'early'), crashed), undone('health')],
  ['a look', 'waiting: a hard bound', look(waitingIn(1, 'early'), bounded), undone('judgement')],
  [
    'a look',
    'waiting for time, and due',
    look({ ...waitingIn(1, 'time'), results: [] }),
    { do: 'judge', what: 'step' },
  ],
  [
    'a look',
    'waiting for time, not yet due, with time enough',
    look({ ...waitingIn(1, 'time'), times: stepsIn(1).times }),
    moves({ phase: 'baking' }),
  ],
  [
    'a look',
    'waiting for time, not yet due',
    look({ ...waitingIn(1, 'time'), times: stepsIn(1).times }, {}, { until: later(1) }),
    waits('time'),
  ],
  ['a look', 'waiting for a judgement', look(waitingIn(1, 'step-1')), waits('step-1')],
  ['a look', 'waiting: commit refused', look(waitingIn(2, 'commit-refused')), waits('commit-refused')],
  [
    'a look',
    'waiting: what the node took is brought again',
    look(waitingIn(1, 'early'), { areCopiesSized: false }),
    reach('copies'),
  ],
  [
    'a look',
    'committing: asks first',
    look(committing({ times: stepsIn(2).times })),
    { do: 'judge', what: 'commit' },
  ],
  [
    'a look',
    'committing: refused',
    look(committing({ times: stepsIn(2).times }), { commit: { refused: 'forbidden' } }),
    moves({ phase: 'waiting', 'waiting-for': 'commit-refused' }),
  ],
  [
    'a look',
    'committing: the copy is smaller, so that users go to stable first',
    look({ ...stepsIn(1), phase: 'committing' }, { commit: { refused: undefined } }),
    moves({ times: { 'commit-began': at(0) }, target: { selector: 'stable', sizes: { api: 1 } } }),
  ],
  [
    'a look',
    'committing: the copy is as large, so that it keeps its share',
    look({ ...stepsIn(2), phase: 'committing' }, { commit: { refused: undefined } }),
    moves({ target: { selector: 'both', sizes: { api: 4 } } }),
  ],
  [
    'a look',
    'committing: the copy has all users',
    look({ ...stepsIn(1, { list: all100 }), phase: 'committing' }, { commit: { refused: undefined } }),
    moves({ target: { selector: 'next' } }),
  ],
  ['a look', 'committing: users go first', look(committing(), { selector: 'both' }), reach('traffic')],
  ['a look', 'committing: stable is written', look(committing()), reach('last-half')],
  [
    'a look',
    'committing: stable is watched',
    look(committing(), { lastHalf: 'written', stable: { state: 'progressing', message: '' } }),
    { do: 'watch' },
  ],
  [
    'a look',
    'committing: stable fails',
    look(committing(), { lastHalf: 'written', stable: { state: 'failed', message: 'no' } }),
    moves({ phase: 'undoing', undo: { by: 'health' }, target: { sizes: { api: 4 } } }),
  ],
  [
    'a look',
    'committing: stable is ready',
    look(committing(), { lastHalf: 'written' }),
    moves({ target: { selector: 'stable', sizes: { api: 0 } } }),
  ],
  [
    'a look',
    'committing: the copies go',
    look(committing({ target: undoing().target }), { lastHalf: 'written', areCopiesSized: false }),
    reach('home'),
  ],
  [
    'a look',
    'committing: held objects',
    look(committing({ target: undoing().target }), { lastHalf: 'written' }),
    reach('held'),
  ],
  [
    'a look',
    'committing: done',
    look(committing({ target: undoing().target }), { lastHalf: 'written', held: 'as-released' }),
    { do: 'done', verdict: 'succeeded' },
  ],
  ['a look', 'undoing: home', look(undoing()), reach('home', true)],
  [
    'a look',
    'undoing: held objects',
    look(undoing(), { areCopiesSized: true, selector: 'stable' }),
    reach('held'),
  ],
  [
    'a look',
    'undoing: the first half',
    look(undoing(), { areCopiesSized: true, held: 'as-stable' }),
    reach('first-half-back'),
  ],
  [
    'a look',
    'undoing: done',
    look(undoing(), { areCopiesSized: true, held: 'as-stable', isFirstHalfTakenBack: true }),
    { do: 'done', verdict: 'rolled-back' },
  ],
  [
    'a look',
    'undoing: what someone changed of stable is in the record before it is done',
    look(undoing(), { ...taken, differs: 'someone changed the pods of Deployment api' }),
    moves({
      phase: 'undoing',
      undo: { by: 'decision', differs: expect.stringContaining('someone changed') },
    }),
  ],
  [
    'a look',
    'undoing: done, and said',
    look(undoing({ undo: differing }), { ...taken, differs: differing.differs }),
    { do: 'done', verdict: 'rolled-back' },
  ],
  [
    'a look',
    'undoing: as it was again',
    look(undoing({ undo: differing }), taken),
    {
      do: 'move',
      to: expect.objectContaining({ undo: { verdict: 'rolled-back', by: 'decision', why: 'x' } }),
    },
  ],
  [
    'a look',
    'undoing after the commit: what stable had',
    look(rolled(), { lastHalf: 'written' }),
    reach('last-half-back'),
  ],
  [
    'a look',
    'undoing after the commit: watched',
    look(rolled(), { lastHalf: 'taken-back', stable: { state: 'progressing', message: '' } }),
    { do: 'watch' },
  ],
  [
    'a look',
    'undoing after the commit: home once stable is ready',
    look(rolled(), { lastHalf: 'taken-back' }),
    moves({ target: { selector: 'stable', sizes: { api: 0 } } }),
  ],
  [
    'a look',
    'undoing after the commit: neither becomes ready',
    look(rolled(), { lastHalf: 'taken-back', stable: { state: 'failed', message: 'no' } }),
    { do: 'done', verdict: 'rollback-failed' },
  ],
];

const DECISIONS: readonly Cell[] = [
  [
    'continue X',
    'starting, not yet',
    look(starting(), {}, { decision: decision('continue', 'early') }),
    refused('not possible yet'),
  ],
  [
    'continue X',
    'baking, not yet',
    look(stepsIn(1), {}, { decision: decision('continue', 'early') }),
    refused('not possible yet'),
  ],
  [
    'continue X',
    'baking, passed already: goes on as a look',
    look(stepsIn(2), {}, { decision: decision('continue', 'early') }),
    { do: 'watch', until: later(5) },
  ],
  [
    'continue X',
    'an unknown name',
    look(waitingIn(1, 'early'), {}, { decision: decision('continue', 'earlier') }),
    refused('not the name of a pause'),
  ],
  [
    'continue X',
    'waiting for it',
    look(waitingIn(1, 'early'), {}, { decision: decision('continue', 'early') }),
    {
      ...moves({
        phase: 'baking',
        target: { at: 2 },
        decisions: [{ what: 'continue early', actor: 'octocat' }],
      }),
      decides: true,
    },
  ],
  [
    'continue X',
    'waiting for the last',
    look(waitingIn(2, 'commit'), {}, { decision: decision('continue', 'commit') }),
    moves({ phase: 'committing', decisions: [{ what: 'continue commit' }] }),
  ],
  [
    'continue X',
    'waiting, and looked at first',
    look(waitingIn(1, 'early'), crashed, { decision: decision('continue', 'early') }),
    undone('health'),
  ],
  [
    'continue X',
    'waiting, and watched until the copy is ready',
    look(
      waitingIn(1, 'early'),
      { copy: { state: 'progressing', message: '' } },
      { decision: decision('continue', 'early') },
    ),
    { do: 'watch' },
  ],
  [
    'continue X',
    'waiting, and the decider may not',
    look(
      waitingIn(1, 'early'),
      {},
      { decision: decision('continue', 'early', { early: 'only acme/qa may' }) },
    ),
    refused('only acme/qa may'),
  ],
  [
    'continue X',
    'waiting for another',
    look(waitingIn(1, 'early'), {}, { decision: decision('continue', 'commit') }),
    refused('not possible yet'),
  ],
  [
    'continue step-1',
    'waiting for it: the pause comes then',
    look({ ...waitingIn(1, 'step-1'), results: [] }, {}, { decision: decision('continue', 'step-1') }),
    moves({ phase: 'waiting', 'waiting-for': 'early' }),
  ],
  [
    'continue commit-refused',
    'waiting for it: tries again',
    look(waitingIn(2, 'commit-refused'), {}, { decision: decision('continue', 'commit-refused') }),
    moves({ phase: 'committing' }),
  ],
  [
    'continue commit',
    'waiting for commit-refused: tries again',
    look(waitingIn(2, 'commit-refused'), {}, { decision: decision('continue', 'commit') }),
    moves({ phase: 'committing' }),
  ],
  [
    'continue foreign-edit',
    'waiting for it',
    look({ ...waitingIn(1, 'foreign-edit') }, edit, { decision: decision('continue', 'foreign-edit') }),
    moves({ phase: 'waiting', 'waiting-for': 'early', force: true }),
  ],
  [
    'continue foreign-edit',
    'in the middle of a step, which begins again',
    look({ ...stepsIn(1), phase: 'waiting', 'waiting-for': 'foreign-edit' }, edit, {
      decision: decision('continue', 'foreign-edit'),
    }),
    moves({ phase: 'baking', force: true, times: { brought: at(-60) } }),
  ],
  [
    'continue foreign-edit',
    'decided: taken back by force',
    look({ ...stepsIn(1), force: true }, edit),
    reach('traffic', true),
  ],
  [
    'continue foreign-edit',
    'stable itself, which no step writes',
    look(
      waitingIn(1, 'foreign-edit'),
      { foreign: { ...edit.foreign, canBeTakenBack: false } },
      { decision: decision('continue', 'foreign-edit') },
    ),
    refused('not possible now'),
  ],
  [
    'continue X',
    'committing: carried to its end',
    look(committing(), {}, { decision: decision('continue', 'commit') }),
    reach('last-half'),
  ],
  [
    'continue X',
    'undoing',
    look(undoing(), {}, { decision: decision('continue', 'early') }),
    refused('it is being undone'),
  ],
  [
    'promote',
    'starting',
    look(starting(), {}, { decision: decision('promote') }),
    refused('before step 0 has passed'),
  ],
  [
    'promote',
    'baking of step 0',
    look(stepsIn(0), {}, { decision: decision('promote') }),
    refused('before step 0 has passed'),
  ],
  [
    'promote',
    'baking',
    look(stepsIn(1), {}, { decision: decision('promote') }),
    {
      ...moves({ phase: 'committing', decisions: [{ what: 'promote' }] }),
      says: expect.stringContaining('50 %, the pause early, the pause commit'),
    },
  ],
  [
    'promote',
    'waiting',
    look(waitingIn(1, 'early'), {}, { decision: decision('promote') }),
    moves({ phase: 'committing' }),
  ],
  [
    'promote',
    'past a pause that the decider may not pass',
    look(waitingIn(1, 'early'), {}, byRelease),
    refused('only acme/release may'),
  ],
  [
    'promote',
    'committing: carried to its end',
    look(committing(), {}, { decision: decision('promote') }),
    reach('last-half'),
  ],
  [
    'promote',
    'undoing',
    look(undoing(), {}, { decision: decision('promote') }),
    refused('it is being undone'),
  ],
  ['reject', 'starting', look(starting(), {}, { decision: decision('reject') }), undone('decision')],
  ['reject', 'baking', look(stepsIn(2), {}, { decision: decision('reject') }), undone('decision')],
  [
    'reject',
    'waiting',
    look(waitingIn(2, 'commit'), {}, { decision: decision('reject') }),
    { ...undone('decision'), decides: true },
  ],
  [
    'reject',
    'waiting for foreign-edit',
    look(waitingIn(2, 'foreign-edit'), edit, { decision: decision('reject') }),
    undone('decision'),
  ],
  [
    'reject',
    'committing: a rollback, and users stay until stable is ready',
    look(committing(), {}, { decision: decision('reject') }),
    moves({ phase: 'undoing', undo: { by: 'decision' }, target: { sizes: { api: 4 } } }),
  ],
  [
    'reject',
    'undoing: carried on',
    look(undoing(), {}, { decision: decision('reject') }),
    reach('home', true),
  ],
];

const TROUBLES: readonly Cell[] = [
  ['expires passed', 'starting', look(starting({ times: expired })), undone('expires')],
  ['expires passed', 'baking', look(stepsIn(1, { times: expired })), undone('expires')],
  [
    'expires passed',
    'waiting',
    look(waitingIn(1, 'early', { times: { ...due, ...expired } })),
    undone('expires'),
  ],
  [
    'expires passed',
    'at weight 100: it stays',
    look(stepsIn(1, { list: all100, times: expired })),
    waits('time'),
  ],
  [
    'expires passed',
    'at weight 100, promoted',
    look(stepsIn(1, { list: all100, times: expired }), {}, { decision: decision('promote') }),
    moves({ phase: 'committing' }),
  ],
  [
    'expires passed',
    'committing: never',
    look(committing({ times: { ...committing().times, expires: at(-1) } })),
    reach('last-half'),
  ],
  [
    'expires passed',
    'undoing: never',
    look(undoing({ times: { ...undoing().times, expires: at(-1) } })),
    reach('home', true),
  ],
  [
    'stable has no Ready pod',
    'starting',
    look(starting(), gone),
    moves({ phase: 'waiting', 'waiting-for': 'stable', target: { at: 0 } }),
  ],
  [
    'stable has no Ready pod',
    'baking',
    look(stepsIn(1), gone),
    moves({ phase: 'waiting', 'waiting-for': 'stable', target: { selector: 'both' } }),
  ],
  ...['early', 'time', 'step-1', 'commit-refused', 'foreign-edit'].map(
    awaited =>
      [
        'stable has no Ready pod',
        `waiting for ${awaited}`,
        look(waitingIn(1, awaited), gone),
        moves({ phase: 'waiting', 'waiting-for': 'stable', target: { selector: 'both' } }),
      ] as const,
  ),
  [
    'stable has no Ready pod',
    'waiting for it at a pause, until it has one',
    look(waitingIn(1, 'stable')),
    moves({ phase: 'waiting', 'waiting-for': 'early' }),
  ],
  ['stable has no Ready pod', 'waiting for it', look(waitingIn(1, 'stable'), gone), waits('stable')],
  [
    'stable has no Ready pod',
    'waiting for it, until it has one',
    look({ ...stepsIn(1), phase: 'waiting', 'waiting-for': 'stable' }),
    moves({ phase: 'baking' }),
  ],
  [
    'stable has no Ready pod',
    'continue is not possible',
    look(waitingIn(1, 'early'), gone, { decision: decision('continue', 'early') }),
    refused('stable has no Ready pod'),
  ],
  [
    'stable has no Ready pod',
    'committing: the copy serves on',
    look(committing({ target: { ...committing().target, selector: 'both' } }), {
      ...gone,
      lastHalf: 'written',
      stable: { state: 'progressing', message: '' },
      selector: 'both',
    }),
    { do: 'watch' },
  ],
  [
    'stable has no Ready pod',
    'committing: scaled to 0, it is ready and never serves',
    look(committing({ target: { ...committing().target, selector: 'both' } }), {
      ...{ ...scaledAway, lastHalf: 'written', selector: 'both' },
    }),
    { ...waits('stable'), says: expect.stringContaining('scaled to 0') },
  ],
  [
    'stable has no Ready pod',
    'committing: written, ready, and about to serve',
    look(committing({ target: { ...committing().target, selector: 'both' } }), {
      ...{ stableServes: false, lastHalf: 'written', selector: 'both' },
    }),
    { do: 'watch' },
  ],
  [
    'stable has no Ready pod',
    'committing: users are not taken from the copy',
    look(committing(), { ...gone, selector: 'both' }),
    reach('last-half'),
  ],
  [
    'stable has no Ready pod',
    'undoing: traffic and copy stay, and the record says who has them',
    look(undoing(), gone),
    moves({ phase: 'undoing', 'waiting-for': 'stable', target: { asked: 20, real: 100 } }),
  ],
  [
    'stable is Ready without the label of a narrowed Service',
    'undoing: it says so, and users stay with the copy',
    look(undoing(), { ...unselected }),
    { ...moves({ 'waiting-for': 'stable' }), says: expect.stringContaining('lack the label') },
  ],
  [
    'stable is Ready without the label of a narrowed Service',
    'committing: watching it would not end',
    look(committing({ target: { ...committing().target, selector: 'both' } }), {
      ...{ ...unselected, lastHalf: 'written', selector: 'both' },
    }),
    { ...waits('stable'), says: expect.stringContaining('lack the label') },
  ],
  [
    'something else is beside stable',
    'undoing: the copies go first',
    look(undoing(), strange),
    reach('home', true),
  ],
  [
    'something else is beside stable',
    'undoing: Services stay narrowed',
    look(undoing(), { ...strange, areCopiesSized: true, selector: 'stable' }),
    moves({ phase: 'undoing', 'waiting-for': 'foreign-edit', target: { asked: 0, real: 0 } }),
  ],
  [
    'something else is beside stable',
    'undoing, and waiting for it',
    look(undoing({ 'waiting-for': 'foreign-edit' }), {
      ...{ ...strange, areCopiesSized: true, selector: 'stable' },
    }),
    { ...waits('foreign-edit'), says: strange.stranger },
  ],
  [
    'something else is beside stable',
    'undoing, until it is gone',
    look(undoing({ 'waiting-for': 'foreign-edit' }), { areCopiesSized: true, selector: 'stable' }),
    moves({ phase: 'undoing' }),
  ],
  [
    'something else is beside stable',
    'committing: Services stay narrowed',
    look(home, { ...strange, lastHalf: 'written', selector: 'stable' }),
    moves({ phase: 'committing', 'waiting-for': 'foreign-edit' }),
  ],
  [
    'something else is beside stable',
    'committing, and waiting for it',
    look({ ...home, 'waiting-for': 'foreign-edit' }, { ...strange, selector: 'stable' }),
    waits('foreign-edit'),
  ],
  [
    'something else is beside stable',
    'committing: nothing can be decided about it',
    look(home, { ...strange, selector: 'stable' }, { decision: decision('continue', 'foreign-edit') }),
    refused('Deployment api-next'),
  ],
  [
    'stable is gone',
    'undoing: it is created again first',
    look(undoing(), { ...gone, isStableGone: true, stableSizes: { api: 0 } }),
    reach('stable'),
  ],
  [
    'stable is gone',
    'undoing: users were with it already, and it is created again first',
    look(undoing(), { ...gone, isStableGone: true, selector: 'stable' }),
    reach('stable'),
  ],
  [
    'stable is gone',
    'undoing, and created again by this run: watched',
    look(undoing(), { ...restored, stable: { state: 'progressing', message: '' } }),
    { do: 'watch' },
  ],
  [
    'stable is gone',
    'undoing, and created again by this run: it does not become ready',
    look(undoing(), { ...restored, stable: { state: 'failed', message: 'no' } }),
    moves({ phase: 'undoing', 'waiting-for': 'stable' }),
  ],
  [
    'stable is gone',
    'undoing, and created again by another run: the next look is to see it',
    look(undoing(), { stableServes: false, stable: { state: 'progressing', message: '' } }),
    moves({ phase: 'undoing', 'waiting-for': 'stable' }),
  ],
  [
    'stable has no Ready pod',
    'undoing: the copy has all users',
    look(undoing(), { ...gone, selector: 'next' }),
    moves({ 'waiting-for': 'stable', target: { selector: 'stable', asked: 100, real: 100 } }),
  ],
  [
    'stable has no Ready pod',
    'undoing, until it has one',
    look(undoing({ 'waiting-for': 'stable', target: { ...undoing().target, asked: 100, real: 100 } })),
    moves({ phase: 'undoing', target: { asked: 0, real: 0 } }),
  ],
  [
    'stable has no Ready pod',
    'undoing: scaled to 0, and the copy keeps its users',
    look(undoing(), scaledAway),
    {
      ...moves({ phase: 'undoing', 'waiting-for': 'stable' }),
      says: expect.stringContaining('scaled it to 0'),
    },
  ],
  [
    'stable has no Ready pod',
    'undoing after the commit: scaled to 0, users are sent to the copy',
    look(rolled(), { ...scaledAway, lastHalf: 'taken-back' }),
    moves({ target: { selector: 'both', asked: 50, real: 100 } }),
  ],
  [
    'stable has no Ready pod',
    'undoing after the commit: scaled to 0, with users at the copy',
    look(rolled({ target: { ...rolled().target, selector: 'both' } }), {
      ...{ ...scaledAway, lastHalf: 'taken-back', selector: 'both' },
    }),
    waits('stable'),
  ],
  [
    'stable has no Ready pod',
    'undoing, and waiting for it',
    look(undoing({ 'waiting-for': 'stable' }), gone),
    waits('stable'),
  ],
  [
    'stable has no Ready pod',
    'undoing, at share 0 the copy goes',
    look(undoing(), { ...gone, selector: 'stable' }),
    reach('home', true),
  ],
  [
    'foreign edit',
    'starting',
    look(starting(), edit),
    moves({ phase: 'waiting', 'waiting-for': 'foreign-edit' }),
  ],
  [
    'foreign edit',
    'baking',
    look(stepsIn(1), edit),
    moves({ phase: 'waiting', 'waiting-for': 'foreign-edit' }),
  ],
  [
    'foreign edit',
    'waiting',
    look(waitingIn(1, 'early'), edit),
    moves({ phase: 'waiting', 'waiting-for': 'foreign-edit' }),
  ],
  ['foreign edit', 'waiting for it', look(waitingIn(1, 'foreign-edit'), edit), waits('foreign-edit')],
  [
    'foreign edit',
    'taken back by its author at a pause',
    look(waitingIn(1, 'foreign-edit')),
    moves({ phase: 'waiting', 'waiting-for': 'early' }),
  ],
  [
    'foreign edit',
    'taken back by its author in a step, which begins again',
    look({ ...stepsIn(1), phase: 'waiting', 'waiting-for': 'foreign-edit' }),
    moves({ phase: 'baking' }),
  ],
  [
    'foreign edit',
    'committing: stops',
    look(committing(), edit),
    moves({ phase: 'committing', 'waiting-for': 'foreign-edit' }),
  ],
  [
    'foreign edit',
    'committing, and waiting for a decision',
    look(committing({ 'waiting-for': 'foreign-edit' }), edit),
    waits('foreign-edit'),
  ],
  [
    'foreign edit',
    'committing, decided',
    look(committing({ 'waiting-for': 'foreign-edit' }), edit, {
      decision: decision('continue', 'foreign-edit'),
    }),
    moves({ phase: 'committing', force: true }),
  ],
  [
    'foreign edit',
    'undoing: only traffic away from the copy is forced',
    look(undoing(), edit),
    reach('home', true),
  ],
  [
    'foreign edit',
    'undoing: what is held is not forced',
    look(undoing(), { ...edit, areCopiesSized: true, selector: 'stable' }),
    reach('held'),
  ],
];

describe.each([
  ['looks', LOOKS],
  ['decisions', DECISIONS],
  ['troubles', TROUBLES],
])('the table of events and phases, %s', (_what, cells) => {
  it.each(cells)('%s | %s', (_event, _phase, given, expected) => {
    expect(step(given)).toMatchObject(expected);
  });
});

describe('the table of events and phases, a newer deploy', () => {
  const other = { isSame: false, isWithoutSteps: false, superseded: 0, release: 42 };
  const none = { ...other, isWithoutSteps: true };
  const superseded = {
    do: 'undo',
    to: { phase: 'undoing', undo: { verdict: 'superseded', by: 'newer' }, target: { sizes: { api: 0 } } },
  };
  it.each<readonly [string, ReleaseSteps, typeof other, Expected]>([
    ['starting', starting(), other, superseded],
    ['baking', stepsIn(1), other, superseded],
    [
      'baking, while-open: refuse',
      stepsIn(1, { settings: { 'while-open': 'refuse' } }),
      other,
      { do: 'refuse' },
    ],
    [
      'baking, while-open: refuse, but strategy: none',
      stepsIn(1, { settings: { 'while-open': 'refuse' } }),
      none,
      superseded,
    ],
    [
      'baking, after three in a row without a commit',
      stepsIn(1),
      { ...other, superseded: 3 },
      { do: 'refuse' },
    ],
    ['baking, after two', stepsIn(1), { ...other, superseded: 2 }, superseded],
    [
      'waiting for a pause',
      waitingIn(1, 'early'),
      other,
      { do: 'refuse', why: 'release 42 waits for early' },
    ],
    ['waiting for a pause, strategy: none', waitingIn(1, 'early'), none, superseded],
    ...(['time', 'step-1', 'commit-refused', 'foreign-edit', 'stable'] as const).map(
      awaited => [`waiting for ${awaited}`, waitingIn(1, awaited), other, superseded] as const,
    ),
    ['committing: to its end first', committing(), other, { do: 'finish' }],
    ['undoing: to its end first', undoing(), other, { do: 'finish' }],
    [
      'undoing, the same manifests: it is a new wish',
      undoing(),
      { ...other, isSame: true },
      { do: 'finish' },
    ],
    [
      'the same manifests, strategy: none: they are to reach all users at once',
      waitingIn(1, 'early'),
      { ...none, isSame: true },
      superseded,
    ],
    [
      'the same manifests, whose first run was killed: it begins again',
      starting({ times: { expires: at(9) } }),
      { ...other, isSame: true, superseded: 3 },
      { do: 'undo', to: { phase: 'undoing', undo: { verdict: 'rolled-back', by: 'health' } } },
    ],
    ...[starting(), stepsIn(1), waitingIn(1, 'early'), committing()].map(
      steps =>
        [`the same manifests, ${steps.phase}`, steps, { ...other, isSame: true }, { do: 'same' }] as const,
    ),
  ])('%s', (_phase, steps, newer, expected) => {
    expect(beforeNewer(steps, newer)).toMatchObject(expected);
  });
});

describe('the table of events and phases, the run cancelled', () => {
  const cancel = decision('reject');
  it.each([
    ['starting', starting()],
    ['baking', stepsIn(1)],
  ])('%s is a reject', (_phase, steps) => {
    expect(whenCancelled(steps, cancel, NOW)).toMatchObject({
      phase: 'undoing',
      undo: { by: 'decision', verdict: 'rolled-back' },
      decisions: [{ what: 'reject', actor: 'octocat' }],
    });
  });

  it.each([
    ['waiting', waitingIn(1, 'early')],
    ['committing', committing()],
    ['undoing', undoing()],
  ])('%s stays as it is', (_phase, steps) => {
    expect(whenCancelled(steps, cancel, NOW)).toBeUndefined();
  });
});
