import { quote, SlipwayError } from '@slipway/core';
import type { WorkflowErrorCode } from '../error-codes.ts';

/** A login of a file that exists. */
export interface WrittenLogin {
  /** The job that it belongs to. */
  readonly job: string;
  /** What is between the marks, with its line breaks, byte for byte. */
  readonly content: string;
  /** The index of the content in the text. */
  readonly start: number;
}

const MARK = /^[ \t]*# slipway:login (?:begin ([A-Za-z0-9_-]+)|(end))[ \t]*(?:\r?\n|$)/gm;

/**
 * The login logins of a file, in their order.
 * @throws SlipwayError `workflow-marks-broken` if a mark lacks its other half, or a job has two logins
 */
export function loginsOf(text: string, path: string): WrittenLogin[] {
  const logins: WrittenLogin[] = [];
  let open: { readonly job: string; readonly start: number } | undefined;
  for (const { 0: mark, 1: job, index } of text.matchAll(MARK)) {
    if ((job === undefined) === (open === undefined))
      throw marksBroken(path, 'a mark without its other half');
    if (open !== undefined) logins.push({ ...open, content: text.slice(open.start, index) });
    open = job === undefined ? undefined : { job, start: index + mark.length };
  }
  if (open !== undefined) throw marksBroken(path, `no end of the login of ${quote(open.job)}`);
  const jobs = logins.map(({ job }) => job);
  const twice = jobs.find((job, index) => jobs.indexOf(job) !== index);
  if (twice !== undefined) throw marksBroken(path, `two logins of ${quote(twice)}`);
  return logins;
}

function marksBroken(path: string, what: string): SlipwayError<WorkflowErrorCode> {
  return new SlipwayError({
    code: 'workflow-marks-broken',
    message: `${quote(path)} has ${what}, so what to keep of it is not known`,
    remedy: 'write "# slipway:login begin <job>" before and "# slipway:login end" after the steps to keep',
  });
}

/** A text with the content of some of its logins replaced. */
export function withContents(
  text: string,
  logins: readonly WrittenLogin[],
  contents: ReadonlyMap<string, string>,
): string {
  return logins.toReversed().reduce((result, { job, start, content }) => {
    const kept = contents.get(job);
    return kept === undefined ? result : result.slice(0, start) + kept + result.slice(start + content.length);
  }, text);
}
