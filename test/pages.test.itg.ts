import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Expected,
  githubHtml,
  type PageBrowser,
  pageProblems,
  startBrowser,
} from '@slipway/testkit/pages';
import {
  commentOn,
  HOSTILE,
  LARGE,
  LARGE_CHANGE,
  SHOP,
  SHOP_CHANGE,
} from './support/pages/golden-comment.ts';
import { judgedRelease } from './support/pages/golden-judging.ts';
import { largePlan, planOfShop, renderingOfShop } from './support/pages/golden-plan.ts';
import { failedRelease, largeFailedRelease } from './support/pages/golden-release.ts';
import { ROOT } from './support/sources.ts';

const IMAGES = join(ROOT, 'docs/images');
/** Bytes of a picture, which everyone who reads the page loads. */
const MAX_IMAGE = 150_000;

const COMMENT: Expected = { kind: 'comment', hosts: ['github.com'] };
const SUMMARY: Expected = { kind: 'summary', hosts: ['github.com'] };

let browser: PageBrowser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

/** What is wrong with a page as GitHub shows it. With a name, `npm run pages` draws it. */
async function problemsOf(markdown: string, expected: Expected, name?: string): Promise<readonly string[]> {
  const html = await githubHtml(markdown);
  const page = await browser.open(html.html);
  try {
    if (name !== undefined && process.env['DRAW_PAGES'] === '1')
      await draw(join(IMAGES, `${name}.png`), page);
    return pageProblems(markdown, html, await page.measure(), expected);
  } finally {
    await page.close();
  }
}

async function draw(path: string, page: Awaited<ReturnType<PageBrowser['open']>>): Promise<void> {
  mkdirSync(IMAGES, { recursive: true });
  await page.draw(path);
  expect(statSync(path).size).toBeLessThan(MAX_IMAGE);
}

describe('on GitHub', () => {
  it('the comment on a pull request is shown as it is meant', async () => {
    expect(await problemsOf(await commentOn(SHOP, SHOP_CHANGE), COMMENT, 'comment')).toEqual([]);
  });

  it('a comment on thirty formations, in words that are Markdown, is shown as it is meant', async () => {
    const literal = [HOSTILE];
    expect(await problemsOf(await commentOn(LARGE, LARGE_CHANGE), { ...COMMENT, literal })).toEqual([]);
  });

  it('a release that failed and was rolled back is shown as it is meant', async () => {
    expect(await problemsOf(failedRelease(), SUMMARY, 'failed-release')).toEqual([]);
  });

  it('a failed release of thirty objects, in words that are Markdown, is shown as it is meant', async () => {
    expect(await problemsOf(largeFailedRelease(HOSTILE), { ...SUMMARY, literal: [HOSTILE] })).toEqual([]);
  });

  it('the judgement of a release in steps is shown as it is meant, with its diagram', async () => {
    expect(await problemsOf(judgedRelease(), { kind: 'summary', hosts: [] })).toEqual([]);
  });

  it('the summary of a rendering is shown as it is meant', async () => {
    expect(await problemsOf(await renderingOfShop(), SUMMARY)).toEqual([]);
  });

  it('a plan is shown as it is meant', async () => {
    expect(await problemsOf(await planOfShop(SHOP_CHANGE), SUMMARY, 'plan')).toEqual([]);
  });

  it('a plan of 300 objects, in words that are Markdown, is shown as it is meant', async () => {
    expect(await problemsOf(largePlan(HOSTILE), { ...SUMMARY, literal: [HOSTILE] })).toEqual([]);
  });
});

/** What becomes of a page with a mistake in it that only a browser shows. */
const MISTAKES: Readonly<Record<string, readonly [(page: string) => string, RegExp]>> = {
  'no blank line after a fold': [
    page => page.replace(/<\/details>\n+/g, '</details>\n'),
    /^headings of the levels 2,4,4,3 were written, and 2,4,3 are shown$/m,
  ],
  'a table without the line below its head': [
    page => page.replace('| --- | --- | --- |\n', ''),
    /^the text shows a row of a table: "\| object \| status/m,
  ],
  'a word in a table that is wider than the column': [
    page => page.replace('❌ failed |', `❌ failed ${'0123456789'.repeat(8)} |`),
    /^the table "object status what it says" is \d+ px wide, and the column 720$/m,
  ],
  'a line that is wider than the column': [
    page => `${page}\n<hr width="900">\n`,
    /^<hr> *is wider than the column$/m,
  ],
  'more than 65,536 characters': [
    page => page.replace(/$/, `\n${'ten words. '.repeat(6000)}`).slice(0, 66_000),
    /^the comment is 66000 long, and GitHub takes 65536$/m,
  ],
  'a fold that is not closed': [page => page.replace('</details>', ''), /^a fold is not closed$/m],
  'an element that GitHub does not allow': [
    page => `${page}\n<font color="red">x</font>\n`,
    /^the sanitiser removes 1 × <font color="red">$/m,
  ],
  'a link to an address of someone else': [
    page => `${page}\nwww.evil.example\n`,
    /^a link leads to http:\/\/www\.evil\.example$/m,
  ],
  'a mention': [page => `${page}\nwritten by @octocat\n`, /^the text shows a mention: " @octocat/m],
  'a diagram that cannot be drawn': [
    page => page.replace('\ngantt\n', '\ngantt\n  section :,,\n  x :y, z\n'),
    /^diagrams 1 were written, and 0 are shown$/m,
  ],
  'Markdown that is shown as it is written': [
    page => page.replace('**Deployment', '** Deployment'),
    /^the text shows asterisks: /m,
  ],
};

describe('a page is refused', () => {
  it.each(Object.entries(MISTAKES))('with %s', async (_, [mutate, problem]) => {
    const found = await problemsOf(mutate(failedRelease()), COMMENT);
    expect(found.join('\n')).toMatch(problem);
  });
});
