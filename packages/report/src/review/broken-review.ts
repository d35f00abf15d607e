import { count, formatProblem, type Problem } from '@slipway/core';
import { code } from '../markdown/blocks.ts';
import { escapeMarkdown, quietMarkdown } from '../markdown/escape.ts';

/** Problems that the page lists; the log has all of them. */
const MAX_PROBLEMS = 50;

/**
 * The page of a pull request whose files are so wrong that there is nothing to compare.
 * @param application its name, or the path of its file
 * @param errorUri the page that explains a code
 */
export function brokenReviewMarkdown(
  application: string,
  problems: readonly Problem[],
  errorUri: (code: string) => string,
): string {
  const listed = problems
    .slice(0, MAX_PROBLEMS)
    .map(
      problem =>
        `- ${escapeMarkdown(formatProblem(problem))} ([${code(problem.code)}](${errorUri(problem.code)}))\n`,
    );
  const more =
    problems.length > listed.length ? `- and ${problems.length - listed.length} more, in the log\n` : '';
  const heading = `### ❌ ${escapeMarkdown(application)}: ${count(problems.length, 'error')}, so the changes are not known\n`;
  return quietMarkdown(`${heading}\n${listed.join('')}${more}`);
}
