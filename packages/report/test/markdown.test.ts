import { describe, expect, it } from '@jest/globals';
import { code, codeBlock, cutSummary, escapeMarkdown, table } from '@slipway/report';

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

describe('a summary over the limit', () => {
  it('is cut at a line, closes its blocks, and says so', () => {
    const cut = cutSummary(
      `<details><summary>x</summary>\n<pre>${'line of text\n'.repeat(1000)}</pre></details>`,
      2000,
    );
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(2000);
    expect(cut).toMatch(/line of text\n<\/pre>\n<\/details>\n\n_The summary was cut/);
  });

  it('is not touched below it', () => {
    expect(cutSummary('short', 2000)).toBe('short');
  });
});
