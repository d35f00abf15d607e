import { keepCheckComment, type ReadPull } from '@slipway/action-kit';
import type { Finding } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { Inputs } from './inputs.ts';
import type { PageLinks } from './page-links.ts';
import { isWorthReading, pageOf } from './pages.ts';
import type { Reviewed } from './review-application.ts';

/** More applications than these share one comment, since each comment notifies everyone. */
const MAX_COMMENTS = 5;
/** Bytes of all pages and of the listing of sign-offs, within GitHub's limit. */
const MAX_BYTES = 60_000;
/** Bytes of one change in that listing, which is never cut, and how many it has at most. */
const LISTED_BYTES = 110;
const MAX_LISTED = 400;

/** Keeps one comment for each application, or one for all of them if there are many. */
export async function writeComments(
  reviewed: readonly Reviewed[],
  readPull: ReadPull,
  links: PageLinks,
  { comment, manifests }: Inputs,
  runner: Runner,
  now: Date,
): Promise<void> {
  const [first] = reviewed;
  const groups = reviewed.length > MAX_COMMENTS ? [reviewed] : reviewed.map(one => [one]);
  for (const group of groups) {
    const key = group.length === 1 ? keyOf(group[0] ?? first, manifests) : 'all applications';
    const findings = group
      .flatMap(({ review }) => review?.targets ?? [])
      .flatMap(({ report }) => report.findings);
    const room = Math.floor((MAX_BYTES - listedBytes(findings)) / group.length);
    await keepCheckComment(
      readPull,
      {
        ...{ key, findings },
        body: group.map(one => pageOf(one, links, room)).join('\n'),
        onlyUpdate: comment === 'on-change' && !group.some(isWorthReading),
      },
      runner,
      now,
    );
  }
}

/** Neither plain manifests nor policy-check must take the comment of an application that another step reviews. */
function keyOf(one: Reviewed | undefined, manifests: readonly string[]): string {
  return manifests.length > 0 ? `manifests ${manifests.join(', ')}` : `review ${one?.path ?? ''}`;
}

function listedBytes(findings: readonly Finding[]): number {
  const signOffs = findings.filter(({ approvers }) => approvers !== undefined);
  const listed = new Set(signOffs.map(({ fingerprint }) => fingerprint)).size;
  return LISTED_BYTES * Math.min(MAX_LISTED, listed);
}
