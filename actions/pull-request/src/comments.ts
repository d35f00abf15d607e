import { keepCheckComment, type ReadPull, replaceOldCheckComments } from '@slipway/action-kit';
import type { Finding } from '@slipway/core';
import { MAX_LISTED, type Runner } from '@slipway/github';
import { escapeMarkdown } from '@slipway/report';
import type { Inputs } from './inputs.ts';
import type { Left } from './left.ts';
import type { PageLinks } from './page-links.ts';
import { isWorthReading, leftPage, pageOf } from './pages.ts';
import type { Reviewed } from './review-application.ts';

/** More applications than these share one comment, since each comment notifies everyone. */
const MAX_COMMENTS = 5;
/** Bytes of all pages and of the listing of sign-offs, within GitHub's limit. */
const MAX_BYTES = 60_000;
/** Bytes of one change in that listing, which is never cut. */
const LISTED_BYTES = 110;

/** The key of the comment that the applications of one step share, by the first of their paths: another step has others. */
function sharedKey(path: string): string {
  return `all applications from ${path}`;
}

/** What comments are about. */
export interface Commented {
  readonly reviewed: readonly Reviewed[];
  readonly left: readonly Left[];
}

/** Keeps one comment for each application, or one for all of them if there are many. */
export async function writeComments(
  { reviewed, left }: Commented,
  readPull: ReadPull,
  links: PageLinks,
  inputs: Inputs,
  runner: Runner,
  now: Date,
): Promise<void> {
  const isShared = reviewed.length > MAX_COMMENTS;
  const ordered = reviewed.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const groups = isShared ? [ordered] : reviewed.map(one => [one]);
  for (const group of groups) {
    const [first] = group;
    if (first === undefined) continue;
    const key = isShared ? sharedKey(first.path) : keyOf(first, inputs);
    const findings = group
      .flatMap(({ review }) => review?.targets ?? [])
      .flatMap(({ report }) => report.findings);
    const room = Math.floor((MAX_BYTES - listedBytes(findings)) / group.length);
    await keepCheckComment(
      readPull,
      {
        ...{ key, findings },
        body: group.map(one => pageOf(one, links, room)).join('\n'),
        onlyUpdate: inputs.comment === 'on-change' && !group.some(isWorthReading),
      },
      runner,
      now,
    );
  }
  await replaceOldCheckComments(readPull, oldComments({ reviewed: ordered, left }, inputs, isShared), runner);
}

/** What an earlier run of this step may have written under keys that nothing has now. @param reviewed in the order of their paths */
function oldComments(
  { reviewed, left }: Commented,
  inputs: Inputs,
  isShared: boolean,
): ReadonlyMap<string, string> {
  const elsewhere = reviewed.map(
    one =>
      [
        keyOf(one, inputs),
        `### ${escapeMarkdown(one.name)}: is in the comment about all applications\n`,
      ] as const,
  );
  const instead = isShared
    ? '### The applications are in a newer comment\n'
    : '### Each application has a comment of its own\n';
  // Where the first application is another one now, so is the key of the comment that they share.
  const shared = (isShared ? reviewed.slice(1) : reviewed).map(
    ({ path }) => [sharedKey(path), instead] as const,
  );
  // So it is where the first one left. A step that shares no comment by now may not be the one that did.
  const formerlyFirst = left.map(
    ({ path }) => [sharedKey(path), '### The applications are in newer comments\n'] as const,
  );
  return new Map([
    ...left.map(one => [`review ${one.path}`, leftPage(one)] as const),
    ...(isShared ? elsewhere : []),
    ...formerlyFirst,
    ...(reviewed.length > 1 ? shared : []),
  ]);
}

/** Neither plain manifests nor policy-check must take the comment of an application that another step reviews. */
function keyOf({ path }: Reviewed, { manifests, name }: Inputs): string {
  if (name !== '') return `name ${name}`;
  return manifests.length > 0 ? `manifests ${manifests.join(', ')}` : `review ${path}`;
}

function listedBytes(findings: readonly Finding[]): number {
  const signOffs = findings.filter(({ approvers }) => approvers !== undefined);
  const listed = new Set(signOffs.map(({ fingerprint }) => fingerprint)).size;
  return LISTED_BYTES * Math.min(MAX_LISTED, listed);
}
