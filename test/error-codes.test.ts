import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT, readSources } from './support/sources.ts';

const documented = [
  ...readFileSync(join(ROOT, 'docs/errors.md'), 'utf8').matchAll(/^- \*\*`([a-z0-9-]+)`\*\*: (.+)$/gm),
].map(([, code = '', text = '']) => ({ code, text }));
const sources = readSources().filter(({ path }) => !path.endsWith('/error-codes.ts'));

describe('the codes of errors', () => {
  it('are all explained in docs/errors.md', () => {
    const used = sources.flatMap(({ text }) =>
      [...text.matchAll(/\bcode: '([a-z0-9-]+)'/g)].map(([, code]) => code),
    );
    const known = new Set(documented.map(({ code }) => code));
    expect(used.length).toBeGreaterThan(50);
    expect([...new Set(used)].filter(code => !known.has(code ?? ''))).toEqual([]);
  });

  it('are explained only if something can fail with them', () => {
    const unused = documented.filter(({ code }) => !sources.some(({ text }) => text.includes(`'${code}'`)));
    expect(unused.map(({ code }) => code)).toEqual([]);
  });

  it('are explained by a sentence that says what to do', () => {
    const short = documented.filter(({ text }) => text.length < 40);
    expect(short.map(({ code }) => code)).toEqual([]);
  });
});
