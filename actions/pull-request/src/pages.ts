import { brokenReviewMarkdown, reviewMarkdown } from '@slipway/report';
import type { PageLinks } from './page-links.ts';
import type { Reviewed } from './review-application.ts';

/** The page of one application, for a comment or a summary. @param limit in bytes */
export function pageOf({ name, review, problems }: Reviewed, links: PageLinks, limit: number): string {
  return review === undefined
    ? brokenReviewMarkdown(name, problems, links.errorUri)
    : reviewMarkdown(review, links, limit);
}

/** Whether a page has more to say than that all is well. */
export function isWorthReading({ review }: Reviewed): boolean {
  return (
    review === undefined ||
    review.removed.length > 0 ||
    review.targets.some(
      ({ changes, report }) => changes === undefined || changes.length > 0 || report.findings.length > 0,
    )
  );
}
