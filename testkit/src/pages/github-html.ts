import { execFileSync } from 'node:child_process';
import { toolPath } from '@slipway/testbed';
import rehypeParse from 'rehype-parse';
import rehypeSanitize from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import { unified } from 'unified';

/**
 * What GitHub's own program is run with: its flavour's extensions, and HTML that comes through, since the sanitiser is after it.
 * https://github.github.com/gfm/#what-is-github-flavored-markdown-
 */
const GITHUB_FLAVOUR = [
  '--unsafe',
  ...['table', 'strikethrough', 'autolink', 'tasklist', 'tagfilter'].flatMap(name => ['-e', name]),
];

/** Markdown as GitHub turns it into HTML. */
export interface GitHubHtml {
  /** As the sanitiser leaves it. */
  readonly html: string;
  /** What the sanitiser removed: elements and attributes with how often. */
  readonly lost: readonly string[];
}

/** @throws if cmark-gfm is not to be had */
export async function githubHtml(markdown: string): Promise<GitHubHtml> {
  const cmark = await toolPath('cmark-gfm');
  const raw = execFileSync(cmark, GITHUB_FLAVOUR, {
    input: markdown,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const parsed = unified().use(rehypeParse, { fragment: true }).use(rehypeStringify);
  const normalised = String(await parsed.process(raw));
  const html = String(await parsed().use(rehypeSanitize).process(raw));
  return { html, lost: lostBetween(tagsOf(normalised), tagsOf(html)) };
}

/** Each tag with its attributes, and how often it is there. Comments are not shown by anyone. */
function tagsOf(html: string): Map<string, number> {
  const tags = new Map<string, number>();
  for (const [tag] of html.replace(/<!--.*?-->/gs, '').matchAll(/<[a-z][^>]*>/g))
    tags.set(tag, (tags.get(tag) ?? 0) + 1);
  return tags;
}

function lostBetween(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string[] {
  return [...before]
    .map(([tag, number]) => [tag, number - (after.get(tag) ?? 0)] as const)
    .filter(([, number]) => number > 0)
    .map(([tag, number]) => `${number} × ${tag}`);
}
