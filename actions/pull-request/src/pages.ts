import { defined, quote } from '@slipway/core';
import { brokenReviewMarkdown, escapeMarkdown, quietMarkdown, reviewMarkdown } from '@slipway/report';
import type { Inputs } from './inputs.ts';
import { type Left, moved, removed, renamed } from './left.ts';
import type { PageLinks } from './page-links.ts';
import type { Reviewed } from './review-application.ts';

/** The page of one application, for a comment or a summary. @param limit in bytes */
export function pageOf(reviewed: Reviewed, links: PageLinks, limit: number): string {
  const { name, review, problems, title, formerly } = reviewed;
  const note = formerly === undefined ? '' : noteOf(renamed(reviewed, formerly));
  const page =
    review === undefined
      ? brokenReviewMarkdown(name, problems, links.errorUri)
      : reviewMarkdown(
          { ...review, ...defined({ application: title }) },
          links,
          limit - Buffer.byteLength(note),
        );
  return `${page}${note}`;
}

/** The page of an application that only the base commit has. */
export function leftPage(left: Left): string {
  return quietMarkdown(
    `### ${escapeMarkdown(left.name)}: leaves\n\n${escapeMarkdown(leftSentence(left))}.\n`,
  );
}

function leftSentence(left: Left): string {
  const { path, name, isReviewed, movedTo } = left;
  if (isReviewed) return `${quote(path)} is reviewed under another path`;
  return movedTo === undefined ? removed(path, name) : moved(left);
}

function noteOf(sentence: string): string {
  return quietMarkdown(`\n${escapeMarkdown(sentence)}.\n`);
}

/** What the workflow calls plain manifests. */
export function titleOf({ manifests, name }: Inputs): Pick<Reviewed, 'title'> {
  return manifests.length > 0 && name !== '' ? { title: name } : {};
}

/** Whether a page has more to say than that all is well. */
export function isWorthReading({ review, formerly }: Reviewed): boolean {
  return (
    formerly !== undefined ||
    review === undefined ||
    review.removed.length > 0 ||
    review.settings.length > 0 ||
    review.targets.some(
      ({ changes, report }) => changes === undefined || changes.length > 0 || report.findings.length > 0,
    )
  );
}
