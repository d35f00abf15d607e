import { count, excerpt, quote, SlipwayError } from '@slipway/core';
import { shortId } from './passed-config.ts';

/** Commits that one commit has and another one does not have, and where they changed what is asked about. */
export interface ChangedCommits {
  /** Some of them, the newest first. */
  readonly commits: readonly { readonly id: string; readonly subject: string }[];
  readonly count: number;
  /** Without a line for a file that has none, or of which only the mode changed. */
  readonly lines: readonly { readonly path: string; readonly line?: number }[];
}

/** Lines and characters of what others wrote that a message repeats. */
const MAX_LINES = 6;
const MAX_SUBJECT = 60;

/**
 * Commits and where they changed a folder, in words.
 * @param folder what a sentence calls it
 * @param shown how many lines are named
 */
export function commitsText(
  { commits, count: number, lines }: ChangedCommits,
  folder: string,
  shown = MAX_LINES,
): string {
  const named = commits.map(({ id, subject }) => `${shortId(id)} ${quote(excerpt(subject, MAX_SUBJECT))}`);
  const more = number > commits.length ? `, and ${number - commits.length} more` : '';
  const positions = lines
    .slice(0, shown)
    .map(({ path, line }) => `${excerpt(path, MAX_SUBJECT)}${line === undefined ? '' : `:${line}`}`);
  const others = lines.length > shown ? ` and ${lines.length - shown} more` : '';
  const where =
    lines.length === 0 ? `which change nothing in ${folder}` : `with ${positions.join(', ')}${others}`;
  return `${count(number, 'commit')} (${named.join(', ')}${more}), ${where}`;
}

/** A record may name something that is not a commit, or one that GitHub does not know. */
export async function orUnknown<Found>(work: Promise<Found | undefined>): Promise<Found | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
