import { count, excerpt, quote, SlipwayError } from '@slipway/core';
import { shortId } from '@slipway/render';
import type { SharedHistory, TakenBack } from '../surroundings.ts';

/** Lines and characters of what others wrote that a message repeats. */
const MAX_LINES = 6;
const MAX_SUBJECT = 60;

/** A record may name something that is not a commit, or one that GitHub does not know. */
export async function orUnknown<Found>(work: Promise<Found | undefined>): Promise<Found | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

/**
 * What deploying one commit after another one takes back, in words.
 * @param folder whose lines are meant
 */
export async function takenBackText(
  live: string,
  next: string,
  history: Pick<SharedHistory, 'takenBack'>,
  folder = "the application's own folder",
): Promise<string> {
  const found = await orUnknown(history.takenBack(live, next));
  if (found === undefined) return 'what it would take back cannot be told from this checkout';
  return `this takes back ${commitsText(found, folder)}`;
}

/** Commits and where they changed a folder, in words. */
export function commitsText({ commits, count: number, lines }: TakenBack, folder: string): string {
  const named = commits.map(({ id, subject }) => `${shortId(id)} ${quote(excerpt(subject, MAX_SUBJECT))}`);
  const more = number > commits.length ? `, and ${number - commits.length} more` : '';
  const positions = lines
    .slice(0, MAX_LINES)
    .map(({ path, line }) => `${excerpt(path, MAX_SUBJECT)}${line === undefined ? '' : `:${line}`}`);
  const others = lines.length > MAX_LINES ? ` and ${lines.length - MAX_LINES} more` : '';
  const where =
    lines.length === 0 ? `which change nothing in ${folder}` : `with ${positions.join(', ')}${others}`;
  return `${count(number, 'commit')} (${named.join(', ')}${more}), ${where}`;
}
