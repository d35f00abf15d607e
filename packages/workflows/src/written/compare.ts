import { isUntouched } from '../jobs/login.ts';
import { isEdited, writtenFor, writtenLogin } from './header.ts';
import { loginsOf, type WrittenLogin, withContents } from './logins.ts';

/** What is to become of a file. */
export interface Comparison {
  readonly path: string;
  readonly state: /** As it should be. */
    | 'current'
    /** Not there yet. */
    | 'missing'
    /** Written earlier, and not changed by anyone else since. */
    | 'outdated'
    /** Written earlier, and changed outside of the login logins. */
    | 'edited'
    /** Someone else's. */
    | 'foreign'
    /** Written earlier for a formation that no longer needs it. */
    | 'unneeded'
    /** Written earlier for an application that the repository no longer has. */
    | 'orphaned'
    /** A workflow of another application, which the repository has too. */
    | 'taken';
  /** What the file should contain, with the logins that are there; absent for one that is not needed. */
  readonly text?: string;
  /** Logins that someone wrote for a job that is gone. */
  readonly lost: readonly { readonly job: string; readonly content: string }[];
}

export interface ToCompare {
  readonly path: string;
  /** What the file should contain, before logins are kept. */
  readonly text: string;
  /** What it contains; undefined if it does not exist. */
  readonly existing: string | undefined;
}

/**
 * Compares a file that exists with what it should be.
 * @throws SlipwayError `workflow-marks-broken`
 */
export function compareFile({ path, text, existing }: ToCompare): Comparison {
  if (existing === undefined) return { path, state: 'missing', text, lost: [] };
  if (writtenFor(existing) === undefined) return { path, state: 'foreign', text, lost: [] };
  const logins = loginsOf(text, path);
  const kept = loginsOf(existing, path);
  const isOwn = ({ content }: WrittenLogin): boolean => !isUntouched(content, writtenLogin(existing));
  const wanted = withContents(text, logins, keptContents(logins, kept, isOwn));
  const jobs = new Set(logins.map(({ job }) => job));
  const lost = kept.filter(login => !jobs.has(login.job) && isOwn(login));
  return { path, state: stateOf(existing, wanted, path), text: wanted, lost };
}

/** What goes between the marks: what is there, unless that is a login as it was written at first, which follows the registry. */
function keptContents(
  logins: readonly WrittenLogin[],
  kept: readonly WrittenLogin[],
  isOwn: (login: WrittenLogin) => boolean,
): ReadonlyMap<string, string> {
  const first = new Map(logins.map(({ job, content }) => [job, content.trim()]));
  const own = kept.filter(
    login => login.content.trim() === '' || first.get(login.job) === '' || isOwn(login),
  );
  return new Map(own.map(({ job, content }) => [job, content]));
}

function stateOf(existing: string, wanted: string, path: string): Comparison['state'] {
  if (existing.replaceAll('\r\n', '\n') === wanted.replaceAll('\r\n', '\n')) return 'current';
  return isEdited(existing, path) ? 'edited' : 'outdated';
}

/** A file that was written for an application, which no longer has such a workflow, or is gone. */
export function compareUnneeded(
  path: string,
  existing: string,
  state: 'unneeded' | 'orphaned' = 'unneeded',
): Comparison {
  const first = writtenLogin(existing);
  const lost = loginsOf(existing, path).filter(({ content }) => !isUntouched(content, first));
  return { path, state: isEdited(existing, path) ? 'edited' : state, lost };
}
