/**
 * What words mean in the names of conditions, in reasons, and in fields such as `phase`. The names follow
 * https://github.com/kubernetes/community/blob/main/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties,
 * and the words are those of the operators in test/statuses/statuses.jsonl.
 */

/** `ProgressDeadlineExceeded`, `SUBMISSION_FAILED` and `in-progress` as words in lower case. */
export function wordsOf(text: string): readonly string[] {
  const spaced = text
    .slice(0, LONGEST)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  const words = spaced
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
  return PHRASES.reduce((text, [phrase, word]) => text.replace(phrase, word), words)
    .split(' ')
    .filter(word => word !== '');
}

/** Several words that mean something else together than each of them does. */
const PHRASES: readonly (readonly [phrase: RegExp, word: string])[] = [
  [/\bfail(?:ing)? over\b/g, 'failover'],
  [/\bfailed over\b/g, 'failedover'],
  [/\bup to date\b/g, 'uptodate'],
  [/\bwell formed\b/g, 'wellformed'],
  [/\bnot enough\b/g, 'insufficient'],
  [/\bno (?:matching|quorum)\b/g, 'lacking'],
];

/** A name or a state is short; what is longer is a sentence, whose end is not needed. */
const LONGEST = 200;

function set(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/));
}

/** Words for what works. */
const GOOD = set(`
  accepted active admitted adopted alive allocated allowed applied assigned attached available bound built compiled complete completed
  configured connected converged created deployed done enabled enforced established exposed failedover finished green
  healthy installed issued joined loaded normal ok online open operational pass passed passing present programmed
  promoted propagated provided provisioned published ready reachable reconciled released resolved restored running satisfied
  serving stable succeed succeeded success successful successfully synced synchronized true up updated uptodate valid
  validated verified wellformed
`);

/** Words for a beginning: it is past this, and not at its end yet. */
const BEGUN = set(`
  approved created initialized launched new queued registered requested requires scheduled started submitted
`);

/** Those of them that are never an end. */
const BARELY_BEGUN = set('new queued requested requires started submitted');

/** Words for what a program does until it ends. */
const AT_WORK = set('active online running serving up');

/** Words for a failure. */
const BAD = set(`
  abort aborted bad broken cancelled canceled cannot conflict conflicted conflicting conflicts corrupt corrupted couldnt crash crashed
  crashing crashloop crashlooping critical cyclic cycle dead declined defunct degraded denied duplicate err error errored erroring
  errors evicted exception exceeded exhausted expired fail failed failing fails failure failures fatal faulted faulty forbidden
  halted illegal impossible incompatible incompatibility inconclusive incorrect interrupted invalid irreconcilable killed lacking lost malformed misconfigured mismatch misconfiguration oomkilled panic
  red refused rejected stalled terminated throwable timeout unable unauthorized unhealthy unprocessable unreachable unrecoverable
  unsatisfiable unsupported violated violation wrong
`);

/** Words that only say of a state, and not as a reason, that something has failed: controllers give them while they begin, too. */
const BAD_STATES = set('disconnected down insufficient offline orphaned rolledback unavailable');

/** Words for what is under way. */
const UNDER_WAY = set(`
  allocation applying awaited awaiting backingup binding bootstrap bootstrapping building configuring connecting creating creation decommissioning deleting
  delayed deploying draining executing failover fetching finalizing importing inprogress init initialization initializing inspecting
  installing issuing joining launching loading migrating partial partially pending planning preparing processing progress
  progressing propagating provisioning publishing pulling queued rebalancing rebuilding reconciling recovering registering
  releasing reloading remediating removing repairing resizing restarting restoring resuming retry retrying rolling rollingback rotating
  scaling scheduling starting stopping submitting switching synchronizing syncing terminating transitioning unpacking
  updating upgrading uploading validating verifying wait waiting yellow
`);

/** Words for what was stopped on purpose. */
const STOPPED = set('cordoned halted hibernated paused suspended');

/** Words of which `not` in front says that something is wrong, and not that it takes time. */
const ALLOWED = set(`
  acceptable accepted allowed applicable authorized compatible configured exist exists existing found matching permitted
  possible supported unique valid
`);

const NEGATIONS = set('cannot isnt no non none not without');

export type Meaning = 'good' | 'bad' | 'under way' | 'stopped' | undefined;

/** What the value of a field such as `phase` says; undefined where it says nothing that is known. */
export function meaningOfState(text: string, endsByItself: boolean): Meaning {
  const words = wordsOf(text);
  const is = (meaning: ReadonlySet<string>): boolean =>
    words.some((word, index) => meaning.has(word) && !isNegated(words, index));
  if (STOPPED.has(words[0] ?? '')) return 'stopped';
  if (is(BAD) || isPhrase(words, 'rolled back') || isPhrase(words, 'timed out')) return 'bad';
  if (isPhrase(words, 'not healthy')) return 'bad';
  const isUnderWay =
    is(UNDER_WAY) ||
    words.includes('missing') ||
    words.some(word => isDoing(word) || isNotBegun(word)) ||
    isReadyForMore(words);
  if (!isUnderWay && is(BAD_STATES)) return 'bad';
  if (words.some((word, index) => GOOD.has(word) && isNegated(words, index)) || isUnready(words))
    return 'under way';
  if (isUnderWay || isPhrase(words, 'out of sync')) return 'under way';
  if (endsByItself && (is(AT_WORK) || is(BEGUN))) return 'under way';
  if (is(GOOD) && !words.every(word => BEGUN.has(word))) return 'good';
  return is(BARELY_BEGUN) ? 'under way' : undefined;
}

/** `unscheduled` */
function isNotBegun(word: string): boolean {
  return word.startsWith('un') && BEGUN.has(word.slice(2));
}

/** `InstallReady` and `ReadyToStart`: ready for a step that is to come. */
function isReadyForMore(words: readonly string[]): boolean {
  return /\b(?:install|upgrade|update|deploy) ready\b|\bready (?:to|for) (?!(?:be )?(?:use|used|serve|accept|receive|traffic|requests?|connections?|service)\b)/.test(
    words.join(' '),
  );
}

/** Whether a state says that something does not work, or not yet; the text beside it tells which. */
export function isNotYet(text: string): boolean {
  const words = wordsOf(text);
  return isUnready(words) || words.some((word, index) => GOOD.has(word) && isNegated(words, index));
}

/** `Resharding`: a state that is named by what is being done. */
function isDoing(word: string): boolean {
  return /[a-z]{2}ing$/.test(word) && !GOOD.has(word) && !BAD.has(word) && !NOT_DOING.has(word);
}

const NOT_DOING = set('existing missing nothing warning');

function isNegated(words: readonly string[], index: number): boolean {
  return NEGATIONS.has(words[index - 1] ?? '');
}

function isPhrase(words: readonly string[], phrase: string): boolean {
  return words.join(' ').includes(phrase);
}

/** `notready` and `unready`, written as one word. */
function isUnready(words: readonly string[]): boolean {
  return words.some(word => /^(?:un|not)/.test(word) && GOOD.has(word.replace(/^(?:un|not)/, '')));
}

export type Polarity = 'good' | 'bad' | 'under way' | 'stopped' | undefined;

/** Conditions whose names neither promise nor report anything, although their words do elsewhere. */
const NEUTRAL = set('active enabled fallback running up upgradeable');

/** Whether a condition is about another time, as `LastBackupSucceeded` is; the last operation is that of now. */
export function isOfOtherTime(type: string): boolean {
  const words = wordsOf(type);
  return /^(?:last|previous)$/.test(words[0] ?? '') && words.at(-1) !== 'operation';
}

/** Whether a condition says what may be done with an object and not how it is, as `Upgradeable` and `LiveMigratable` do. */
export function isAbility(type: string): boolean {
  return /(?:able|ible)$/.test(type) && polarityOf(type) === undefined;
}

/** Whether a condition that is False says that something is wrong, and not that it takes time. */
export function isJudgement(type: string): boolean {
  return /^(?:accepted|allowed|permitted|supported|valid)$/.test(
    wordsOf(type.replace(/^.*[/.]/, '')).at(-1) ?? '',
  );
}

/** Whether a reason says that all of an object is held back on purpose, as `Suspended` and `ReconcilePaused` do, and not a part of it. */
export function isHeldBack(reason: string): boolean {
  return /^(?:reconcil[a-z]* )?(?:paused|suspended)$/.test(wordsOf(reason).join(' '));
}

/**
 * What the name of a condition says while the condition is True. The last word that says anything decides: `ConflictResolved` is
 * good, `ReplicaFailure` bad, and a negation turns it: `NotReady`, `NoErrors`.
 */
export function polarityOf(type: string): Polarity {
  const words = wordsOf(type.replace(/^.*[/.]/, ''));
  if (isOfOtherTime(type)) return undefined;
  // What cannot be recovered from is worse than what can, not its opposite.
  if (/(?:non|not|ir)-?recoverable$/i.test(type)) return 'bad';
  const last = words.at(-1) ?? '';
  const isWhole = words.length === 1 || (words.length === 2 && /^reconcil/.test(words[0] ?? ''));
  if (isWhole && STOPPED.has(last) && last !== 'halted') return 'stopped';
  for (let index = words.length - 1; index >= 0; index--) {
    const word = words[index] ?? '';
    const said = NEUTRAL.has(word) ? undefined : polarityOfWord(word);
    if (said === undefined) continue;
    return isNegated(words, index) && said !== 'under way' ? turned(said) : said;
  }
  return undefined;
}

function polarityOfWord(word: string): 'good' | 'bad' | 'under way' | undefined {
  if (BAD.has(word) || word === 'unavailable' || /^(?:recoverable|terminal)$/.test(word) || isUnready([word]))
    return 'bad';
  if (UNDER_WAY.has(word)) return 'under way';
  return GOOD.has(word) ? 'good' : undefined;
}

function turned(said: 'good' | 'bad'): 'good' | 'bad' {
  return said === 'good' ? 'bad' : 'good';
}

/** Whether a condition only reports a beginning, as `Created` and `Approved` do: that it is True says nothing of the end. */
export function isBeginning(type: string): boolean {
  const words = wordsOf(type.replace(/^.*[/.]/, ''));
  return BEGUN.has(words.at(-1) ?? '');
}

/** Whether a condition is named by what was or was not done, as `Released` is. */
export function isDeed(type: string): boolean {
  return !isOfOtherTime(type) && (/ed$/.test(type) || polarityOf(type) === 'good');
}

/** Whether a condition reports that a program runs, which is not the end of one that ends. */
export function isAtWork(type: string): boolean {
  return wordsOf(type).join(' ') === 'running';
}

/** Whether a condition reports that something is at work, which is not yet that it works. */
export function isActivity(type: string): boolean {
  return isAtWork(type) || wordsOf(type).join(' ') === 'active';
}

/** Why something is not as it should be: it failed, lacks something that may still come, or is on its way. */
export type Cause = 'failed' | 'lacking' | 'perhaps' | 'on its way' | undefined;

/** Words with which the reason of a wait begins, whatever else it names. */
const PATIENT = set('awaiting pending retrying waiting');

/** Bad words that are true of what has only just started, too. */
const MAY_PASS = set('dead degraded unhealthy unreachable');

/** What the reason of a condition says, as `InstallFailed`, `SecretNotFound`, `NoIngress` and `WaitingForNode` do. */
export function causeOf(reason: string): Cause {
  const words = wordsOf(reason);
  const [first = ''] = words;
  if (PATIENT.has(first)) return 'on its way';
  if (words.some((word, index) => word === 'not' && /^(?:found|exists?)$/.test(words[index + 1] ?? '')))
    return 'lacking';
  if (words.some(word => /^(?:missing|notfound|absent|dangling)$/.test(word))) return 'lacking';
  if (words.some((word, index) => word === 'not' && ALLOWED.has(words[index + 1] ?? ''))) return 'failed';
  if (words.some((word, index) => BAD.has(word) && !MAY_PASS.has(word) && !isNegated(words, index)))
    return 'failed';
  if (['timed out', 'exit code', 'too many'].some(phrase => isPhrase(words, phrase))) return 'failed';
  if (words.some(word => UNDER_WAY.has(word)) || isUnready(words)) return 'on its way';
  if (words.some((word, index) => word === 'not' && GOOD.has(words[index + 1] ?? ''))) return 'on its way';
  if (first === 'no' && words.some(word => /^(?:available|healthy|ready|running)$/.test(word)))
    return 'on its way';
  const isTaken = words.includes('already') || isPhrase(words, 'in use');
  const isUnknown = first === 'unknown' && words.length > 1;
  return first === 'no' ||
    words.includes('insufficient') ||
    isTaken ||
    isUnknown ||
    words.some(word => MAY_PASS.has(word))
    ? 'perhaps'
    : undefined;
}

/** Whether a reason says that something failed, and not that something is not so, as `NotConfigured` does. */
export function isOutright(reason: string): boolean {
  return !wordsOf(reason).includes('not');
}

/** Whether a reason says that what is under way has come to its end, as `NewReplicaSetAvailable` does of a Deployment. */
export function isEndOfWay(reason: string): boolean {
  return causeOf(reason) === undefined && wordsOf(reason).some(word => GOOD.has(word));
}

const ENDING = set(
  'backup build execution experiment job migration operation plan promotion request restore run task test workflow',
);

/** Words of kinds that make one object that ends after another. */
const RECURRING = /^(?:cron|recurring|scaled|schedul)/;

/** Whether objects of a kind end by themselves, as a Job does: that one is running is not yet the result. */
export function endsByItself(kind: string): boolean {
  const words = wordsOf(kind);
  return ENDING.has(words.at(-1) ?? '') && !words.some(word => RECURRING.test(word));
}
