import { randomFillSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type Finding, makeReport } from '@slipway/core';
import {
  changedFirst,
  findingLine,
  findingsMarkdown,
  junitOf,
  sarifOf,
  shareFindings,
} from '@slipway/report';
import { sarifProblems } from '@slipway/testkit/sarif';

interface SarifResult {
  readonly ruleId: string;
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly SarifResult[];
    readonly tool: { readonly driver: { readonly rules: readonly { id: string; helpUri?: string }[] } };
  }[];
}

const finding = (changes: Partial<Finding> = {}): Finding => ({
  rule: 'schema/unknown-field',
  severity: 'error',
  message: 'there is no field "prots"',
  fix: 'did you mean "ports"?',
  object: { apiVersion: 'v1', kind: 'Service', name: 'api' },
  place: { path: 'stencils/api.yaml', line: 7, column: 3 },
  fingerprint: 'f'.repeat(64),
  ...changes,
});

const KNOWN: Partial<Finding> = { severity: 'warning', lowered: 'as-before' };

it('a warning of what was there before says so, in the log and in its table', () => {
  expect(findingLine({ finding: finding(KNOWN), targets: [] })).toBe(
    'Service api: there is no field "prots"; did you mean "ports"? (it was there before)',
  );
  const report = makeReport([finding(KNOWN), finding({ severity: 'warning' })], 1);
  const page = findingsMarkdown([{ name: 'manifests', report }]);
  expect(page.match(/^🟡 .*$/gm)).toEqual([
    '🟡 warning <code>schema/unknown-field</code>, there before',
    '🟡 warning <code>schema/unknown-field</code>',
  ]);
});

const helpUri = (rule: string): string | undefined =>
  rule.startsWith('schema/') ? 'https://example.com/docs/rules/schema.md#unknown-field' : undefined;

function sarif(findings: readonly Finding[]): Sarif {
  return sarifOf(shareFindings(findings), helpUri) as Sarif;
}

describe('a finding about a value of the config', () => {
  const value = (line: number, address: string) => ({
    ...{ message: `value of ${address}`, place: { path: 'config/api.yaml', line, column: 5 } },
  });
  const shared = shareFindings([
    finding({ formation: 'live', destination: 'eu', related: [value(5, '*.*.port')] }),
    finding({ formation: 'live', destination: 'us', related: [value(5, '*.*.port'), value(9, 'us.*.host')] }),
  ]);

  it('names the lines of the values of all its destinations', () => {
    expect(shared.map(findingLine)).toEqual([
      'Service api: there is no field "prots"; did you mean "ports"? (value of *.*.port: config/api.yaml:5:5; value of us.*.host: config/api.yaml:9:5) [live/eu, live/us]',
    ]);
  });

  it('has them in the summary, below its own', () => {
    const report = makeReport(
      shared.map(entry => entry.finding),
      1,
    );
    expect(findingsMarkdown([{ name: 'live/eu', report }] as never)).toContain(
      '<code>stencils/api.yaml:7:3</code><br>value of &#42;.&#42;.port: config/api.yaml:5:5<br>',
    );
  });
});

describe('the heading of a check', () => {
  it.each([
    ['slipway.yaml', '### Policy check: passed'],
    ['./slipway.yaml', '### Policy check: passed'],
    ['apps/shop/slipway.yaml', '### Policy check of <code>apps/shop</code>: passed'],
    [
      'apps/<b>|`x`/slipway.yaml',
      '### Policy check of <code>apps/&#60;b&#62;&#124;&#96;x&#96;</code>: passed',
    ],
  ])('tells applications apart by their folders: %s', (application, heading) => {
    const report = makeReport([], 1);
    expect(findingsMarkdown([{ name: 'live/eu', report }], { application }).split('\n')[0]).toBe(heading);
  });
});

describe('the summary of a check', () => {
  const checked = (name: string, findings: readonly Finding[]) => ({
    name,
    report: makeReport(findings, 12),
  });

  it('has two lines when all is well', () => {
    expect(findingsMarkdown([checked('live/eu', []), checked('live/us', [])])).toBe(
      '### Policy check: passed\n\nNothing was found in 24 objects of 2 destinations\n',
    );
  });

  it('has a table for each rule, errors first, with the page of the rule and a line for each finding', () => {
    const notice = finding({ rule: 'own/x', severity: 'notice', message: 'a hint', fix: undefined } as never);
    const other = finding({ message: 'there is no field "x"', fingerprint: 'e'.repeat(64) });
    const text = findingsMarkdown([checked('live/eu', [notice, finding(), other])], { helpUri });
    expect(text).toContain('### ❌ Policy check: failed\n\n2 errors, 1 notice in 12 objects\n');
    const page = 'https://example.com/docs/rules/schema.md#unknown-field';
    const groups = text.match(/^.* (?:error|notice) .*$/gm)?.slice(1);
    expect(groups).toEqual([
      `🔴 error [<code>schema/unknown-field</code>](${page})`,
      '🔵 notice <code>own/x</code>',
    ]);
    expect(text.match(/^\| <code>Service api/gm)).toHaveLength(3);
    expect(text).not.toContain('For |');
  });

  it('says for which destinations, and folds what was checked', () => {
    const at = (destination: string) => finding({ formation: 'live', destination });
    const text = findingsMarkdown([checked('live/eu', [at('eu')]), checked('live/us', [at('us')])]);
    expect(text).toContain('| live/eu, live/us |');
    expect(text).toContain('<details><summary>What was checked</summary>');
  });

  it('does not repeat the names of many destinations in each row, unless one of them is not affected', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const text = (affected: readonly string[]): string =>
      findingsMarkdown(
        names.map(name =>
          checked(
            `live/${name}`,
            affected.includes(name) ? [finding({ formation: 'live', destination: name })] : [],
          ),
        ),
      );
    expect(text(names)).toContain('| all 5 |');
    expect(text(names.slice(1))).toContain('| live/b, live/c, live/d, live/e |');
  });
});

describe('SARIF', () => {
  it('links to the page of a built-in rule, and to none for other rules', () => {
    const { rules } = sarif([finding(), finding({ rule: 'our-own' })]).runs[0]?.tool.driver ?? { rules: [] };
    expect(rules.map(({ id, helpUri }) => [id, helpUri?.replace(/^.*docs/, 'docs')])).toEqual([
      ['our-own', undefined],
      ['schema/unknown-field', 'docs/rules/schema.md#unknown-field'],
    ]);
  });

  it('has the same hash for a finding that moves, and two hashes for two findings', () => {
    const hashes = (findings: readonly Finding[]) =>
      sarif(findings).runs[0]?.results.map(result => result.partialFingerprints['primaryLocationLineHash']);
    const moved = finding({ place: { path: 'stencils/api.yaml', line: 70, column: 3 } });
    expect(hashes([finding()])).toEqual(hashes([moved]));
    expect(new Set(hashes([finding(), moved])).size).toBe(2);
  });

  it('keeps to the 5,000 results that GitHub accepts, the most severe first', () => {
    const many = Array.from({ length: 6000 }, (_, index) =>
      finding({ message: `finding ${index}`, fingerprint: String(index) }),
    );
    expect(sarif(many).runs[0]?.results.length).toBe(5000);
  });

  it('keeps to 10 MB when compressed, whatever the messages are', () => {
    const noise = (): string =>
      String.fromCharCode(...randomFillSync(new Uint16Array(1000)).map(unit => 0x4e00 + (unit % 20_000)));
    const many = Array.from({ length: 5000 }, (_, index) =>
      finding({ message: noise(), fix: noise(), fingerprint: String(index) }),
    );
    const written = sarif(many);
    expect(gzipSync(JSON.stringify(written)).length).toBeLessThan(10_000_000);
    expect(written.runs[0]?.results.length).toBeGreaterThan(100);
  });

  it('is valid with findings of every form', () => {
    const strange = [
      finding({ place: { path: 'a\nb [c](d).yaml', line: 1, column: 1, endLine: 2, endColumn: 1 } }),
      finding({
        message: '::error::%0A<b>\u0000',
        related: [{ message: '[x](y)', place: { path: '/tmp/a', line: 1, column: 1 } }],
      }),
      finding({ severity: 'sign-off' }),
      finding({ severity: 'notice' }),
    ];
    expect(sarifProblems(sarif(strange))).toEqual([]);
  });
});

describe('JUnit', () => {
  const objects = ['api', 'web'].map(name => ({
    object: { apiVersion: 'v1', kind: 'Service', metadata: { name } },
  }));

  it('has a test for each object, which fails for errors and changes that need an approval', () => {
    const findings = [
      finding(),
      finding({ severity: 'sign-off', rule: 'load-balancer' }),
      finding({ severity: 'warning', rule: 'team' }),
      { rule: 'waiver/unused', severity: 'warning', message: 'waives nothing', fingerprint: 'w' } as const,
    ];
    const text = junitOf([{ name: 'production/eu', objects, report: makeReport(findings, 2, 'error') }]);
    const older = finding({ place: { path: 'stencils/api.yaml', line: 7, column: 3, revision: 'c0ffee' } });
    const elsewhere = junitOf([{ name: 'eu', objects, report: makeReport([older], 2, 'error') }]);
    expect(elsewhere).toContain('name="Service api">\n<failure');
    expect(text).toContain('<testsuite name="production/eu" tests="3" failures="2">');
    expect(text).toContain('<testcase classname="policy-check" name="Service web"/>');
    expect(text.match(/<failure /g)?.length).toBe(2);
    expect(text).toContain('name="Service api" file="stencils/api.yaml" line="7"');
    expect(text).toContain('<system-out>stencils/api.yaml:7:3: warning team');
    expect(text).toContain('name="waiver/unused"');
  });

  it('is XML whatever names and messages contain', () => {
    const hostile = finding({ message: ']]></failure><!-- & "\u0001\ud800 \n', rule: 'a"<b>' });
    const text = junitOf([{ name: '<&"', objects, report: makeReport([hostile], 2, 'error') }]);
    expect(text).toContain(']]&gt;&lt;/failure&gt;&lt;!-- &amp; &quot;\ufffd\ufffd &#10;');
    expect(text).not.toMatch(/[\u0000-\u0008]/);
    expect(text.replace(/<[a-z?/][^<>]*>/g, '')).not.toMatch(/[<>]/);
  });
});

describe('findings for the author of a change', () => {
  it('have those in changed files first, but no warning before an error', () => {
    const at = (fingerprint: string, severity: Finding['severity'], path: string) =>
      finding({ fingerprint, severity, message: fingerprint, place: { path, line: 1, column: 1 } });
    const shared = shareFindings([
      at('1', 'error', 'a.yaml'),
      at('2', 'error', 'b.yaml'),
      at('3', 'warning', 'a.yaml'),
      at('4', 'warning', 'b.yaml'),
    ]);
    const order = changedFirst(shared, new Set(['b.yaml'])).map(entry => entry.finding.fingerprint);
    expect(order).toEqual(['2', '1', '4', '3']);
  });
});
