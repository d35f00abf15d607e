import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { symptomsOf } from '../tools/docs/symptoms.ts';
import { type ExplainedCode, readExplainedCodes } from './support/error-entries.ts';
import { ROOT, readSources } from './support/sources.ts';

const sources = readSources().filter(
  ({ path }) => !/\/(?:error-codes|errors\/[a-z]+-errors)\.ts$/.test(path),
);
const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
let explained: readonly ExplainedCode[];

beforeAll(async () => {
  explained = await readExplainedCodes();
});

describe('the codes of errors', () => {
  it('are all explained', () => {
    const used = sources.flatMap(({ text }) =>
      [...text.matchAll(/\bcode: '([a-z0-9-]+)'/g)].map(([, code]) => code),
    );
    const known = new Set(explained.map(({ code }) => code));
    expect(used.length).toBeGreaterThan(50);
    expect([...new Set(used)].filter(code => !known.has(code ?? ''))).toEqual([]);
  });

  it('are explained only if something can fail with them', () => {
    const unused = explained.filter(({ code }) => !sources.some(({ text }) => text.includes(`'${code}'`)));
    expect(unused.map(({ code }) => code)).toEqual([]);
  });

  it('are explained by whole sentences: why it happens and what to do', () => {
    const isSentence = (text: string): boolean => /^[`A-Z<].{10,}[.)]$/.test(text);
    const short = explained.filter(
      ({ entry: { cause, remedy } }) => !isSentence(cause) || !isSentence(remedy),
    );
    expect(short.map(({ code }) => code)).toEqual([]);
  });

  it('have one heading each on the page, which links of summaries lead to', () => {
    const headings = [...page.matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = '']) => heading);
    const codes = [...new Set(explained.map(({ code }) => code))];
    expect(codes.filter(code => headings.filter(heading => heading === code).length !== 1)).toEqual([]);
    const anchors = headings.map(heading =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([]);
  });

  it('are linked from the troubleshooting by headings that exist', () => {
    const text = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8');
    const links = [...text.matchAll(/\]\(errors\.md#([a-z0-9-]+)\)/g)].map(([, code = '']) => code);
    const known = new Set(explained.map(({ code }) => code));
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter(code => !known.has(code))).toEqual([]);
  });

  it('are grouped by symptoms that have one heading each', () => {
    const listed = symptomsOf.flatMap(({ symptoms }) => Object.keys(symptoms));
    expect([...new Set(listed)]).toEqual(listed);
    const used = new Set<string>(explained.map(({ entry }) => entry.symptom));
    expect(listed.filter(symptom => !used.has(symptom))).toEqual([]);
    expect([...used].filter(symptom => !listed.includes(symptom))).toEqual([]);
  });
});
