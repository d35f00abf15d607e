import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { quietMarkdown, statusMarkdown, statusPage, summaryPage } from '@slipway/report';
import { githubHtml, type PageBrowser, pageProblems, startBrowser } from '@slipway/testkit/pages';
import { HOSTILE } from './support/pages/golden-comment.ts';
import { statusInWords } from './support/pages/golden-status.ts';

let browser: PageBrowser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

/** Words that end whatever they are written into, and would run or load something. */
const BREAKING_OUT = `"'></title></style></td></table><script>document.title='ran';alert(1)</script><img src=https://evil.example/x onerror=alert(2)><style>*{display:none}</style><link rel=stylesheet href=//evil.example/y><a href=javascript:alert(3)>x</a>\u202e`;

describe('the page of a status, in a browser', () => {
  it.each([
    ['plain words', 'an audit'],
    ['words that would break out of it', BREAKING_OUT],
    ['a word of a thousand letters', 'x'.repeat(1000)],
  ])('shows %s as text, loads nothing and runs nothing', async (_, words) => {
    const { title, text, elements, links, ...seen } = await browser.visit(statusPage(statusInWords(words)));
    expect(seen).toEqual({ requested: [], said: [], overflow: 0, isStyled: true });
    expect(title).toBe('shop: 1 not known, 1 in need of attention, 1 waiting, 1 fine');
    expect(text).toContain(words.replace('\u202e', '\u{FFFD}').slice(0, 400));
    expect(elements.filter(name => ['script', 'img', 'link', 'iframe', 'form'].includes(name))).toEqual([]);
    const home = /^https:\/\/github\.com\/acme\/shop\/(?:commit\/a{40}|pull\/12|actions\/runs\/7)$/;
    expect(links.filter(link => !home.test(link))).toEqual([]);
    expect(links).toHaveLength(20);
  });
});

describe('the status of an application, as GitHub shows it', () => {
  const markdown = statusMarkdown(statusInWords(HOSTILE));
  it.each([
    ['the summary', 'summary', summaryPage([markdown])],
    ['the issue', 'comment', quietMarkdown(markdown)],
  ] as const)('is shown as it is meant in %s, in words that are Markdown', async (_, kind, text) => {
    const html = await githubHtml(text);
    const page = await browser.open(html.html);
    try {
      expect(
        pageProblems(text, html, await page.measure(), { kind, hosts: ['github.com'], literal: [HOSTILE] }),
      ).toEqual([]);
    } finally {
      await page.close();
    }
  });
});
