import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from './support/sources.ts';
import { readProse } from './support/wording.ts';

const pages = readProse().filter(({ path }) => path.endsWith('.md'));

describe('links of the documentation', () => {
  it('are found at all', () => {
    expect(pages.flatMap(({ text }) => linksOf(text)).length).toBeGreaterThan(150);
  });

  it('lead to a file, and to a heading of it', () => {
    expect(pages.flatMap(({ path, text }) => linksOf(text).flatMap(link => brokenLink(path, link)))).toEqual(
      [],
    );
  });
});

describe('decisions', () => {
  const decisions = readdirSync(join(ROOT, 'docs/decisions')).filter(name => name.endsWith('.md'));

  it('have a number each, without a gap', () => {
    expect(decisions.map(name => Number(name.slice(0, 4)))).toEqual(decisions.map((_, index) => index + 1));
  });

  it('begin with their number', () => {
    const numberOf = (name: string) =>
      /^# (\d+)\. /.exec(readFileSync(join(ROOT, 'docs/decisions', name), 'utf8'))?.[1];
    expect(decisions.map(numberOf)).toEqual(decisions.map(name => String(Number(name.slice(0, 4)))));
  });
});

/** The addresses of a page that lead into the repository. */
function linksOf(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter(link => !/^[a-z]+:/.test(link));
}

function brokenLink(page: string, link: string): string[] {
  const [path = '', heading] = link.split('#');
  const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
  if (!existsSync(join(ROOT, file))) return [`${page}: there is no ${file}`];
  if (heading === undefined || !file.endsWith('.md')) return [];
  return headingsOf(readFileSync(join(ROOT, file), 'utf8')).includes(heading)
    ? []
    : [`${page}: ${file} has no heading #${heading}`];
}

/** Headings as GitHub makes anchors of them. */
function headingsOf(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^```.*?^```$/gms, '');
}
