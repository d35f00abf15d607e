import { type Position, quote, SlipwayError } from '@slipway/core';
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
  let open: { readonly job: string; readonly start: number; readonly index: number } | undefined;
  for (const { 0: mark, 1: job, index } of text.matchAll(MARK)) {
    if (open === undefined && job === undefined)
      throw marksBroken(positionIn(text, path, index), 'the end of a login has no beginning');
    if (open === undefined) {
      open = { job: job ?? '', start: index + mark.length, index };
      continue;
    }
    if (job !== undefined) throw unended(positionIn(text, path, open.index), open.job);
    if (logins.some(other => other.job === open?.job))
      throw marksBroken(positionIn(text, path, open.index), `there are two logins of ${quote(open.job)}`);
    logins.push({ job: open.job, start: open.start, content: text.slice(open.start, index) });
    open = undefined;
  }
  if (open !== undefined) throw unended(positionIn(text, path, open.index), open.job);
  return logins;
}

function positionIn(text: string, path: string, index: number): Position {
  return { path, line: text.slice(0, index).split('\n').length, column: 1 };
}

function unended(at: Position, job: string): SlipwayError<WorkflowErrorCode> {
  return marksBroken(at, `the login of ${quote(job)} has no end`);
}

function marksBroken(at: Position, what: string): SlipwayError<WorkflowErrorCode> {
  return new SlipwayError({
    code: 'workflow-marks-broken',
    at,
    message: `${what}, so what to keep of the file is not known`,
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
