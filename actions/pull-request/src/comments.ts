import { keepCheckComment, type ReadPull } from '@slipway/action-kit';
import type { Runner } from '@slipway/github';
import type { Inputs } from './inputs.ts';
import type { PageLinks } from './page-links.ts';
import { isWorthReading, pageOf } from './pages.ts';
import type { Reviewed } from './review-application.ts';

/** More applications than these share one comment, since each comment notifies everyone. */
const MAX_COMMENTS = 5;
/** Bytes of all pages of a comment: GitHub's limit without the listing of sign-offs, which is never cut. */
const MAX_PAGES = 60_000;

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
    const room = Math.floor(MAX_PAGES / group.length);
    await keepCheckComment(
      readPull,
      {
        key,
        findings: group
          .flatMap(({ review }) => review?.targets ?? [])
          .flatMap(({ report }) => report.findings),
        body: group.map(one => pageOf(one, links, room)).join('\n'),
        onlyUpdate: comment === 'on-change' && !group.some(isWorthReading),
      },
      runner,
      now,
    );
  }
}

/** Plain manifests must not take the comment of an application that another step reviews. */
function keyOf(one: Reviewed | undefined, manifests: readonly string[]): string {
  return manifests.length > 0 ? `manifests ${manifests.join(', ')}` : (one?.path ?? '');
}
