import { expect, it } from '@jest/globals';
import { readSources } from './support/sources.ts';

/** Pages of error codes show whole messages. */
const PAGES = /(?:error-codes|-errors)\.ts$/;

/** What begins like a label and is the version of a format, or goes into a digest. */
const OTHERS = /^slipway\.dev\/(?:v1|schemas|inputs|sealed)\b/;

it('labels and annotations of Slipway are written in one file', () => {
  const found = readSources().flatMap(({ path, text }) =>
    [...text.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/['"`](slipway\.dev\/[\w-]+)/g)].map(
      ([, label = '']) => ({ path, label }),
    ),
  );
  const others = found.filter(({ path, label }) => !OTHERS.test(label) && !PAGES.test(path));
  expect(others).toEqual([]);
});
