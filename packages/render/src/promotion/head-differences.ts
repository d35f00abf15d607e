import { quote, SlipwayError } from '@slipway/core';
import { type ChangedCommits, commitsText, orUnknown } from './changed-commits.ts';
import { type PassedConfig, type PassedQuery, passedConfig, shortId } from './passed-config.ts';

/** Lines that are named to whoever approves them. */
const MAX_LINES = 40;

/** What one commit has and another one does not have, of the application's folder or of that of a second checkout. */
export interface ComparedHistory {
  takenBack(commit: string, other: string): Promise<ChangedCommits | undefined>;
  shared(path: string): { takenBack(commit: string, other: string): Promise<ChangedCommits | undefined> };
}

export interface HeadQuery extends Omit<PassedQuery, 'choice'> {
  /** The commit that is checked out; undefined outside of a checkout. */
  readonly head: string | undefined;
  /** The commits of second checkouts, by folder. */
  readonly sharedRevisions: Readonly<Record<string, string>>;
  readonly history: ComparedHistory;
}

/**
 * How stencils and config of the checkout differ from those that passed, for whoever approves `config: head`.
 * @returns sentences; none where nothing differs
 */
export async function headDifferences(query: HeadQuery): Promise<readonly string[]> {
  const passed = passedOf(query);
  if ('why' in passed) return [`${unknown(query)}: ${passed.why}`];
  const [own, shared] = await Promise.all([ownDifferences(passed, query), sharedDifferences(passed, query)]);
  return [...own, ...shared];
}

function unknown({ formation }: HeadQuery): string {
  return `how the stencils and config of the checkout (config: head) differ from those that passed in ${quote(formation)} is not known`;
}

function passedOf(query: HeadQuery): PassedConfig | { readonly why: string } {
  try {
    // Nothing is promoted of it, so that it does not matter how it passed.
    const passed = passedConfig({ ...query, choice: 'passed' });
    return passed ?? { why: `${quote(query.snapshot.deploymentTag)} has not passed there` };
  } catch (error) {
    if (error instanceof SlipwayError)
      return { why: error.problems.map(({ message }) => message).join('; ') };
    throw error;
  }
}

async function ownDifferences({ revision }: PassedConfig, query: HeadQuery): Promise<readonly string[]> {
  const { head, formation, history } = query;
  if (head === undefined) return [`${unknown(query)}: nothing is checked out with Git`];
  if (head === revision) return [];
  const [added, lacking] = await Promise.all([
    orUnknown(history.takenBack(head, revision)),
    orUnknown(history.takenBack(revision, head)),
  ]);
  if (added === undefined || lacking === undefined)
    return [
      `${unknown(query)}: this checkout does not have the history between ${shortId(revision)} and ${shortId(head)}`,
    ];
  const than = `the commit ${shortId(revision)} that passed in ${quote(formation)}`;
  return [
    ...changes(
      added,
      text => `config: head has what ${than} does not have: ${text}`,
      "the application's own folder",
    ),
    ...changes(
      lacking,
      text => `config: head does not have what ${than} has: ${text}`,
      "the application's own folder",
    ),
  ];
}

async function sharedDifferences(
  { sharedRevisions: then }: PassedConfig,
  { sharedRevisions: now, formation, history }: HeadQuery,
): Promise<readonly string[]> {
  const folders = Object.keys({ ...then, ...now }).filter(folder => then[folder] !== now[folder]);
  const found = await Promise.all(
    folders.map(async folder => {
      const [before, after] = [then[folder], now[folder]];
      const what = `config: head has the second checkout with ${quote(folder)} at ${named(after)}, and ${quote(formation)} passed with ${named(before)}`;
      if (before === undefined || after === undefined) return [what];
      const [added, lacking] = await Promise.all([
        orUnknown(history.shared(folder).takenBack(after, before)),
        orUnknown(history.shared(folder).takenBack(before, after)),
      ]);
      if (added === undefined || lacking === undefined)
        return [`${what}: what is between them is not known, as its history cannot be read`];
      return [
        ...changes(added, text => `${what}: it adds ${text}`, 'that folder'),
        ...changes(lacking, text => `${what}: it takes back ${text}`, 'that folder'),
      ];
    }),
  );
  return found.flat();
}

function named(revision: string | undefined): string {
  return revision === undefined ? 'no commit of its own' : shortId(revision);
}

function changes(
  found: ChangedCommits,
  sentence: (text: string) => string,
  folder: string,
): readonly string[] {
  return found.count === 0 ? [] : [sentence(commitsText(found, folder, MAX_LINES))];
}
