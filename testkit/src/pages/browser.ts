import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { toolPath } from '@slipway/testbed';
import puppeteer, { type Browser } from 'puppeteer-core';
import type { Measured } from './measured.ts';
import { withPalette } from './palette-png.ts';
import { type Visited, visit } from './visited.ts';

const { resolve } = createRequire(import.meta.url);

const IN_BROWSER = join(import.meta.dirname, 'in-browser.js');

/**
 * The width in which every table must fit, in CSS pixels. It is our choice: @primer/css 22.3.2 publishes a widest container of 1280 px
 * and a sidebar of 296 px, which leave 984, and this leaves 264 of these for what is around a comment, whose sizes are not published.
 */
export const COLUMN = 720;

/** A page in a real browser. */
export interface OpenPage {
  measure(): Promise<Measured>;
  /** @param path of a PNG, with the folds as the page has them */
  draw(path: string): Promise<void>;
  close(): Promise<void>;
}

export interface PageBrowser {
  /** @param html sanitised, as GitHub has it in a comment */
  open(html: string): Promise<OpenPage>;
  /** @param html a whole page, opened as it is */
  visit(html: string): Promise<Visited>;
  close(): Promise<void>;
}

/** Local files only, no sandbox of its own since tests run as root, and no GPU. */
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--use-gl=disabled', '--disable-software-rasterizer'],
  ...['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
  ...['--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND', '--allow-file-access-from-files'],
  ...['--font-render-hinting=none', '--hide-scrollbars'],
];

/** Starts the pinned Chromium. The caller closes it. */
export async function startBrowser(): Promise<PageBrowser> {
  const executablePath = await toolPath('chromium');
  const folder = mkdtempSync(join(tmpdir(), 'slipway-pages-'));
  const userDataDir = join(folder, 'profile');
  const browser = await puppeteer.launch({
    executablePath,
    userDataDir,
    headless: 'shell',
    pipe: true,
    args: FLAGS,
  });
  const fonts = join(dirname(executablePath), 'fonts.css');
  return {
    open: html => openPage(browser, join(folder, 'page.html'), documentOf(html, fonts)),
    visit: html => visit(browser, join(folder, 'whole.html'), html),
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openPage(browser: Browser, file: string, html: string): Promise<OpenPage> {
  writeFileSync(file, html);
  const page = await browser.newPage();
  await page.setViewport({ width: COLUMN + 66, height: 600 });
  await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
  await page.addScriptTag({ path: IN_BROWSER });
  await page.evaluate('paintDiffs()');
  // No width may be that of another font.
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  if ((await page.$('code.language-mermaid')) !== null) {
    await page.addScriptTag({ path: resolve('@mermaid-js/tiny') });
    await page.evaluate('drawDiagrams()');
  }
  return {
    measure: async () => (await page.evaluate('measurePage()')) as Measured,
    draw: async path => {
      const frame = await page.$('main');
      const png = await frame?.screenshot({ type: 'png' });
      if (png !== undefined) writeFileSync(path, withPalette(png));
    },
    close: () => page.close(),
  };
}

/** The colours and sizes of GitHub's light theme, in fonts that are the same on every machine. */
function documentOf(html: string, fonts: string): string {
  const [css, fontCss] = [resolve('github-markdown-css/github-markdown-light.css'), fonts].map(
    path => pathToFileURL(path).href,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<link rel="stylesheet" href="${css}"><link rel="stylesheet" href="${fontCss}">
<style>
  body { margin: 0; background: #fff; }
  main { margin: 8px; padding: 16px 24px; border: 1px solid #d1d9e0; border-radius: 6px; width: ${COLUMN}px; }
  .markdown-body { font-family: 'Noto Sans', 'Noto Color Emoji', sans-serif; }
  .markdown-body code, .markdown-body pre { font-family: 'Noto Sans Mono', 'Noto Color Emoji', monospace; }
</style></head><body><main><article class="markdown-body">${html}</article></main></body></html>`;
}
