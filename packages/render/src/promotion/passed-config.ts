import {
  excerpt,
  isCommitId,
  type Problem,
  quote,
  SlipwayError,
  type Snapshot,
  throwIfAny,
  type Verdict,
} from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';

/**
 * Whose stencils and config a promotion takes, where someone says so: those of the commit that passed, even if it passed with values of
 * one run or with `config: head` itself, or those of the checkout.
 */
export type ConfigChoice = 'passed' | 'head';

/** What a verdict says of the stencils and config that it is about. */
export type PassedVerdict = Pick<
  Verdict,
  'verdict' | 'configRevision' | 'sharedRevisions' | 'set' | 'configFrom'
>;

/** A snapshot, and what became of it in the formation that it is promoted from. */
export interface PassedQuery {
  readonly snapshot: Pick<Snapshot, 'deploymentTag' | 'gitRevision'>;
  readonly formation: string;
  /** The verdicts by destination; undefined for one without. */
  readonly verdicts: ReadonlyMap<string, PassedVerdict | undefined>;
  readonly choice: ConfigChoice | undefined;
}

/** The stencils and config that passed. */
export interface PassedConfig {
  /** A full id. */
  readonly revision: string;
  /** The commits of shared folders that are checkouts themselves, by folder. */
  readonly sharedRevisions: Readonly<Record<string, string>>;
}

/**
 * Says with which commit a snapshot passed in a formation.
 * @returns undefined if it has not succeeded at all of its destinations
 * @throws SlipwayError `config-unknown`, `config-disagrees`, `config-special`
 */
export function passedConfig(query: PassedQuery): PassedConfig | undefined {
  const verdicts = [...query.verdicts.values()];
  const [first] = verdicts;
  if (first === undefined || verdicts.some(verdict => verdict?.verdict !== 'succeeded')) return undefined;
  throwIfAny([...unknownProblems(query), ...specialProblems(query)]);
  if (new Set(verdicts.map(configOf)).size > 1) throw disagreement(query);
  return { revision: first.configRevision ?? '', sharedRevisions: first.sharedRevisions ?? {} };
}

const SHOWN_ID = 12;

/** As much of a commit's id as messages show; it may be whatever a file claims to be one. */
export function shortId(revision: string): string {
  return excerpt(revision.slice(0, SHOWN_ID), SHOWN_ID);
}

/** A text that is the same for the same commits of the application and of other checkouts. */
export function configOf(
  verdict: Pick<PassedVerdict, 'configRevision' | 'sharedRevisions'> | undefined,
): string {
  const shared = Object.entries(verdict?.sharedRevisions ?? {}).sort();
  return JSON.stringify([verdict?.configRevision, shared]);
}

const AGAIN = 'deploy and verify it there again from a Git checkout, or set "config: head" with a reason';

function unknownProblems({ snapshot, formation, verdicts }: PassedQuery): Problem<RenderErrorCode>[] {
  const tag = quote(snapshot.deploymentTag);
  const unbuilt: Problem<RenderErrorCode>[] =
    snapshot.gitRevision === undefined
      ? [
          {
            code: 'config-unknown',
            message: `the snapshot ${tag} does not say which commit it was built from`,
            remedy: 'build it from a Git checkout, or set "config: head" with a reason',
          },
        ]
      : [];
  const unknown = [...verdicts].flatMap(([destination, verdict]): Problem<RenderErrorCode>[] => {
    const revision = verdict?.configRevision;
    if (revision !== undefined && isCommitId(revision)) return [];
    const message =
      revision === undefined
        ? `the verdict on ${tag} at ${formation}/${destination} does not say with which commit of stencils and config it passed`
        : `the verdict on ${tag} at ${formation}/${destination} names ${quote(revision)}, which is not the id of a commit`;
    return [{ code: 'config-unknown', message, remedy: AGAIN }];
  });
  return [...unbuilt, ...unknown];
}

/** What ran is not what the commit says by itself. */
function specialProblems({ snapshot, formation, verdicts, choice }: PassedQuery): Problem<RenderErrorCode>[] {
  if (choice === 'passed') return [];
  return [...verdicts].flatMap(([destination, verdict]) => {
    const how = specialPass(verdict);
    if (how === undefined) return [];
    return [
      {
        code: 'config-special' as const,
        message: `${quote(snapshot.deploymentTag)} passed at ${formation}/${destination} ${how}`,
        remedy: 'deploy and verify it there without that, or set "config: passed" with a reason',
      },
    ];
  });
}

function specialPass(verdict: PassedVerdict | undefined): string | undefined {
  if (verdict?.set !== undefined && verdict.set.length > 0)
    return `with values of that run (input "set": ${wordsOf(verdict.set)}), which no commit has`;
  if (verdict?.configFrom === 'head')
    return 'with "config: head", and so with config that had not passed before';
  return undefined;
}

/** Words and characters of a verdict that a message repeats: whoever can push to the registry may have written it. */
const MAX_WORDS = 5;
const MAX_WORD = 60;

function wordsOf(set: readonly string[]): string {
  const shown = set.slice(0, MAX_WORDS).map(word => excerpt(word, MAX_WORD));
  const more = set.length > MAX_WORDS ? ` and ${set.length - MAX_WORDS} more` : '';
  return `${shown.join(', ')}${more}`;
}

function disagreement({ snapshot, formation, verdicts }: PassedQuery): SlipwayError<RenderErrorCode> {
  const each = [...verdicts].map(([destination, verdict]) => {
    const shared = Object.entries(verdict?.sharedRevisions ?? {}).map(
      ([folder, revision]) => `, ${quote(folder)} ${shortId(revision)}`,
    );
    return `${destination} (${shortId(verdict?.configRevision ?? '')}${shared.join('')})`;
  });
  return new SlipwayError<RenderErrorCode>({
    code: 'config-disagrees',
    message: `${quote(snapshot.deploymentTag)} passed with different stencils and config at the destinations of ${quote(formation)}: ${each.join(', ')}`,
    remedy: 'deploy it to all of them from one commit and verify it there',
  });
}
