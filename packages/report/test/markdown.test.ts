import { describe, expect, it } from '@jest/globals';
import {
  code,
  codeBlock,
  cutMarkdown,
  details,
  escapeMarkdown,
  quietMarkdown,
  summaryPage,
  table,
} from '@slipway/report';

describe('text from elsewhere in a summary', () => {
  it.each([
    '<img src=x onerror=alert(1)>',
    '[click](https://evil.example)',
    '| a | b |',
    '`code` **bold** _it_ ~~s~~',
    '@acme/operators #12',
    '$\\sqrt{x}$',
  ])('%s means nothing to Markdown or HTML', text => {
    expect(escapeMarkdown(text)).toMatch(/^[A-Za-z0-9 ./:,;?%&#-]*$/);
    expect(escapeMarkdown(text)).not.toMatch(/[<>[\]|`*_~@$\\]|:\/\//);
  });

  it('stays in its cell and in its block', () => {
    expect(table(['a'], [[code('x\n| y')]])).toBe('\n| a |\n| --- |\n| <code>x &#124; y</code> |\n\n');
    expect(codeBlock(['</pre><b>', 'second'])).toBe('<pre>&#60;/pre&#62;&#60;b&#62;\nsecond</pre>\n');
  });
});

describe('a table', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  it('that a long word would make wider than a comment is a list, with the word whole', () => {
    const rows = [[code('Deployment shop/api'), '', `the image ${digest} does not exist`]];
    expect(table(['object', 'status', 'what it says'], rows)).toBe(
      `\n- object: <code>Deployment shop/api</code>; what it says: the image ${digest} does not exist\n\n`,
    );
  });

  it('stays one with long texts, and with links whose addresses are long', () => {
    const link = `[<code>stencils/api.yaml:7:3</code>](https://github.com/acme/shop/blob/${'a'.repeat(200)})`;
    expect(table(['', 'b'], [['word '.repeat(100), link]])).toContain('| --- | --- |');
  });
});

describe('an address in text from elsewhere', () => {
  it('is not a link', () => {
    const page = summaryPage([escapeMarkdown('www.evil.example and mallory@evil.example')]);
    expect(page).toBe('\n\nwww&#46;evil.example and mallory<!---->&#64;evil.example\n\n');
    expect(quietMarkdown('(WWW.evil.example)')).toBe('(WWW&#46;evil.example)');
    const odd = escapeMarkdown('mallory_@evil.example, m+@_evil.example');
    expect(summaryPage([odd])).toContain('mallory&#95;<!---->&#64;evil.example, m&#43;<!---->&#64;&#95;evil');
  });

  it('is left as it is in a fenced block and behind our own link', () => {
    const page = '\n\n```diff\n+ www.acme.example a&#64;b\n```\n\n[x](https://www.acme.example/)\n\n';
    expect(summaryPage([page])).toBe(page);
  });
});

describe('a number in text from elsewhere', () => {
  it.each([['GH-1'], ['gh-12'], ['_GH-1'], ['#1']])('is not a link to an issue in a comment: %s', text => {
    expect(quietMarkdown(escapeMarkdown(text))).toMatch(/&#8203;\d+$/);
  });

  it('is left as it is in a name, and behind our own link', () => {
    expect(quietMarkdown('highgh-1 [x](https://acme.example/GH-1)')).not.toContain('&#8203;');
  });
});

describe('Markdown that is cut', () => {
  const cut = (markdown: string): string => cutMarkdown(`${markdown}${'line\n'.repeat(300)}`, 1000, 'cut');

  it('closes blocks that a tag in a fenced block only seems to close or to open', () => {
    expect(cut('<details>\n\n```diff\n- </details>\n```\n')).toMatch(/line\n\n<\/details>cut$/);
    expect(cut('```diff\n- <details>\n```\n')).toMatch(/line\ncut$/);
  });

  it('closes the fenced block that a line of it only seems to close', () => {
    expect(cut('```\n```diff\n')).toMatch(/line\n```\ncut$/);
  });
});

describe('the parts of a summary', () => {
  it.each([
    ['a fold', details('x', 'y')],
    ['a fold without a line after it', '<details><summary>x</summary>\n\ny\n</details>'],
    ['lines as they are', codeBlock(['x'])],
    ['a table', table(['a'], [['b']])],
    ['a table without a line after it', '| a |\n| --- |\n| b |'],
    ['a list', '- x\n'],
    ['a quotation', '> x'],
    ['a line', 'x'],
  ])('leave the heading of the next one a heading: %s', (_, part) => {
    expect(summaryPage([part, '### Policy check: passed'])).toMatch(/\n\n### Policy check: passed\n\n$/);
  });

  it('begin and end with a blank line, whatever others write before and after them', () => {
    expect(summaryPage(['\n\n  \n## a\n', '', '    b\n\n\n'])).toBe('\n\n## a\n\n    b\n\n');
  });

  it('make no page where all of them are empty', () => {
    expect(summaryPage([])).toBe('');
    expect(summaryPage(['', '\n'])).toBe('');
  });
});

describe('a summary over the limit', () => {
  const long = `<details><summary>x</summary>\n<pre>${'line of text\n'.repeat(1000)}</pre></details>`;

  it('is cut at a line, closes its blocks, and says so', () => {
    const cut = summaryPage([long], 2000);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(2000);
    expect(cut).toMatch(/line of text\n<\/pre>\n<\/details>\n\n_The summary was cut/);
  });

  it('keeps its last part, which has the outcome, and cuts those before it', () => {
    const cut = summaryPage([long, '## The outcome'], 2000);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(2000);
    expect(cut).toMatch(
      /line of text\n<\/pre>\n<\/details>\n\n_The summary was cut.*_\n\n## The outcome\n\n$/,
    );
  });

  it('says how many parts are missing where they do not fit', () => {
    const cut = summaryPage(['## first', '## second', long], 2000);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(2000);
    expect(cut).toMatch(/^\n\n_Of the summary 2 earlier parts are missing: .*_\n\n<details>/);
  });

  it('is not touched below it', () => {
    expect(summaryPage(['short'], 2000)).toBe('\n\nshort\n\n');
  });
});
