import { count, excerpt, type RecordedSecret, type Release } from '@slipway/core';
import { addressOf, type SecretVersion } from '@slipway/secrets';
import type { RestoredSecret } from './read-again.ts';

/** Words of a record, and characters of each, that a message repeats. */
const MAX_WORDS = 10;
const MAX_WORD = 80;

type Restored = Pick<Release, 'number' | 'created' | 'secrets'>;

/**
 * What a rollback does to secrets, in sentences: it writes what the restored release kept, which may have been rotated or leaked since,
 * or what the store has now; and of each the version, as far as it is known.
 * @returns nothing for a release without secrets
 */
export function restoredSecretsText(
  release: Restored,
  restored: readonly RestoredSecret[],
  now: Date,
): string[] {
  const [kept, read] = [false, true].map(isRead => restored.filter(secret => secret.isRead === isRead));
  const shown = restored.slice(0, MAX_WORDS).map(secret => versionText(release, secret, now));
  const more = restored.length > MAX_WORDS ? [`and ${restored.length - MAX_WORDS} more`] : [];
  return [
    ...keptText(
      release,
      (kept ?? []).map(({ word }) => word),
    ),
    ...readText((read ?? []).map(({ word }) => word)),
    ...shown,
    ...(shown.length > 0 ? more : []),
  ];
}

function keptText({ number, created }: Restored, words: readonly string[]): string[] {
  if (words.length === 0) return [];
  const kept = words.length === 1 ? 'as it was' : 'as they were';
  return [
    `Release ${number} brings back ${count(words.length, 'secret')} ${kept} when it was deployed, ${excerpt(created, MAX_WORD)}: ${listed(words)}. What was rotated since then has its old value again, until the next deployment reads it from its store`,
  ];
}

function readText(words: readonly string[]): string[] {
  return words.length === 0
    ? []
    : [
        `${count(words.length, 'secret')} ${words.length === 1 ? 'is' : 'are'} read from the store, and not restored: ${listed(words)}`,
      ];
}

function listed(words: readonly string[]): string {
  const shown = words.slice(0, MAX_WORDS).map(word => excerpt(word, MAX_WORD));
  const more = words.length > MAX_WORDS ? ` and ${words.length - MAX_WORDS} more` : '';
  return `${shown.join(', ')}${more}`;
}

/** One secret: the version that it gets, and whether the store has another one. */
function versionText(
  { secrets = [] }: Restored,
  { word, isRead, request, now: current }: RestoredSecret,
  now: Date,
): string {
  const recorded = secrets.find(entry => entry.word === word);
  const name = excerpt(word, MAX_WORD);
  if (isRead) return `${name}: ${read(current, now)}`;
  const isSame =
    request !== undefined &&
    recorded?.from === request.reference.from &&
    recorded.address === addressOf(request.reference);
  return `${name}: ${keptVersion(recorded, now)}, ${isSame ? compared(recorded, current) : 'and what its store has now is not known'}`;
}

function read(current: SecretVersion | undefined, now: Date): string {
  if (current?.id !== undefined)
    return `version ${excerpt(current.id, MAX_WORD)}${age(current.since, now)}, which its store has now`;
  return current?.lasts === undefined
    ? 'what its store has now, which tells no version'
    : 'a new one, which its store lends';
}

function keptVersion(recorded: RecordedSecret | undefined, now: Date): string {
  if (recorded?.version !== undefined)
    return `version ${excerpt(recorded.version, MAX_WORD)}${age(recorded.since ?? recorded.read, now)}`;
  if (recorded?.expires !== undefined) return `lent until ${excerpt(recorded.expires, MAX_WORD)}`;
  return 'of a version that is not known';
}

function compared(recorded: RecordedSecret, current: SecretVersion | undefined): string {
  if (recorded.version === undefined || current?.id === undefined)
    return 'and what its store has now is not known';
  const isSince = recorded.since === current.since;
  if (recorded.version === current.id && (isSince || recorded.from === 'sops'))
    return isTold(recorded)
      ? 'which its store still has'
      : 'which its store still has unless the secret was deleted and created again';
  const [then, since] = [Date.parse(recorded.since ?? ''), Date.parse(current.since ?? '')];
  return since > then ? 'and the store has a newer one' : 'and the store has another one';
}

/** A number begins at 1 again with a new secret of the same name; IDs and digests do not. */
function isTold({ version = '', since }: RecordedSecret): boolean {
  return since !== undefined || !/^\d+$/.test(version);
}

const HOUR = 3_600_000;

/** ` of 31 days ago`; empty for a time that is not one, or that is yet to come. */
function age(time: string | undefined, now: Date): string {
  const hours = (now.getTime() - Date.parse(time ?? '')) / HOUR;
  if (!(hours >= 0)) return '';
  if (hours >= 48) return ` of ${Math.floor(hours / 24)} days ago`;
  return hours >= 1 ? ` of ${count(Math.floor(hours), 'hour')} ago` : ' of less than an hour ago';
}
