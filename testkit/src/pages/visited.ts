import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'puppeteer-core';

/** What a whole page is to someone who opens its file. */
export interface Visited {
  readonly title: string;
  /** What is to be read. */
  readonly text: string;
  /** The names of its elements, each once, sorted. */
  readonly elements: readonly string[];
  readonly links: readonly string[];
  /** What it asked for besides itself. */
  readonly requested: readonly string[];
  /** What its console says, and the dialogs that it opened. */
  readonly said: readonly string[];
  /** CSS pixels by which it is wider than the window. */
  readonly overflow: number;
  /** Whether its own style applies. */
  readonly isStyled: boolean;
}

/** Opens a page as it is, in a window as wide as a laptop's. @param file where it is written */
export async function visit(browser: Browser, file: string, html: string): Promise<Visited> {
  writeFileSync(file, html);
  const page = await browser.newPage();
  const [requested, said]: [string[], string[]] = [[], []];
  const { href } = pathToFileURL(file);
  page.on('request', request => {
    if (request.url() !== href) requested.push(request.url());
  });
  page.on('console', message => said.push(message.text()));
  page.on('dialog', async dialog => {
    said.push(`a dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  try {
    await page.setViewport({ width: 1280, height: 800 });
    await page.goto(href, { waitUntil: 'load' });
    const seen = (await page.evaluate(LOOK)) as Omit<Visited, 'requested' | 'said'>;
    return { ...seen, requested, said };
  } finally {
    await page.close();
  }
}

/** Runs in the page, which has no types of ours. */
const LOOK = `({
  title: document.title,
  text: document.body.innerText,
  elements: [...new Set([...document.querySelectorAll('*')].map(({ localName }) => localName))].sort(),
  links: [...document.querySelectorAll('a')].map(({ href }) => href),
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  isStyled: getComputedStyle(document.querySelector('table')).borderCollapse === 'collapse',
})`;
