import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { symptomsOf } from '../tools/docs/symptoms.ts';
import { type ExplainedCode, readExplainedCodes } from './support/error-entries.ts';
import { canSay, MessageTemplates } from './support/message-templates.ts';
import { filesOf, ROOT, readSources } from './support/sources.ts';

/** What the entries of the bundle say, before the package is there that explains it. */
const entries = filesOf('tools', 'bundle').flatMap(source =>
  source.path === 'tools/bundle/entries.ts' ? [{ ...source, owner: 'packages/github' }] : [],
);
const sources = [...readSources(), ...entries].filter(
  ({ path }) => !/\/(?:error-codes|errors\/[a-z]+-errors)\.ts$/.test(path),
);
const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
/** Messages that are made elsewhere: by the verdict on a release, or by others (the cluster, a policy, a file) as a whole. */
const SAID_BY: Readonly<Record<string, 'rollout' | 'others'>> = {
  'stage-failed': 'rollout',
  'rollout-failed': 'rollout',
  'rollout-timed-out': 'rollout',
  'rollout-superseded': 'rollout',
  'cluster-forbidden': 'others',
  'cluster-conflict': 'others',
  'cluster-not-found': 'others',
  'policy-refused': 'others',
  'sign-off-missing': 'others',
};
/** Messages that end with what others say (a builder, a webhook, GitHub, a chart, JavaScript) or with a chain of names. */
const OPEN_ENDED: readonly string[] = [
  'build-failed',
  'cluster-refused',
  'extends-circular',
  'github-forbidden',
  'source-failed',
  'unexpected',
];

const templates = new MessageTemplates(sources);
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

  it('are shown by a message that the sources can say, where they use the code', () => {
    const untrue = explained.filter(({ owner, code, entry }) => {
      const words = SAID_BY[code] === 'rollout' ? templates.all : templates.of(owner, code);
      const isTrue = templates.say(words, entry.example);
      // Who is excused without need would hide the next example that becomes untrue.
      if (SAID_BY[code] === 'others') return isTrue;
      if (!OPEN_ENDED.includes(code)) return !isTrue;
      return isTrue || !words.some(template => canSay(template, entry.example));
    });
    expect(untrue.map(({ code, entry }) => `${code}: ${entry.example}`)).toEqual([]);
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
