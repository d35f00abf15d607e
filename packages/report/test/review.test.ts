import { describe, expect, it } from '@jest/globals';
import { type Finding, makeReport } from '@slipway/core';
import { reviewMarkdown, type ShownChange, type ShownReview, type ShownTarget } from '../src/index.ts';

const LIMIT = 65_536;

const deployment = (namespace: string, fields: ShownChange['fields'], restarts = false): ShownChange => ({
  object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' },
  ...{ action: 'change', restarts, fields },
  at: { path: 'stencils/api.yaml', line: 7, column: 3 },
});
const scaled = (namespace: string, after = 3) =>
  deployment(namespace, [{ path: 'spec.replicas', before: 2, after }]);

function target(
  name: string,
  changes: readonly ShownChange[] | undefined,
  findings: readonly Finding[] = [],
): ShownTarget {
  return {
    ...{ name, namespace: name.replace('/', '-'), equal: 3, ignored: 0 },
    report: makeReport(findings, 4),
    ...(changes === undefined ? {} : { changes }),
  };
}

function page(
  targets: readonly ShownTarget[],
  limit = LIMIT,
  others: Partial<Pick<ShownReview, 'removed' | 'moved' | 'settings'>> = {},
): string {
  const lineUri = ({ path, line }: { path: string; line: number }) =>
    `https://github.com/acme/shop/blob/abc/${path}#L${line}`;
  return reviewMarkdown(
    {
      ...{ application: 'shop', targets, removed: [], moved: [], settings: [], ...others },
      limits: ['It is not known what runs.'],
    },
    { lineUri },
    limit,
  );
}

const finding = (
  message: string,
  severity: Finding['severity'] = 'error',
  rule = 'workloads/no-root',
): Finding => ({
  ...{ rule, severity, message, fingerprint: 'sha256:1' },
  place: { path: 'stencils/api.yaml', line: 9, column: 1 },
});

describe('a review as Markdown', () => {
  it('is one line if nothing changes', () => {
    expect(page([target('staging/main', []), target('production/eu', [])])).toBe(
      '### ✅ shop: no manifest changes\n',
    );
  });

  it('does not say that nothing changes where it does not know', () => {
    expect(page([target('staging/main', undefined)])).toContain('shop: the changes are not known');
    expect(page([target('staging/main', []), target('production/eu', undefined)])).toContain('not known');
  });

  it('shows equal destinations in one column and their change once', () => {
    const text = page([
      target('staging/main', []),
      target('production/eu', [scaled('production-eu')]),
      target('production/us', [scaled('production-us')]),
    ]);
    expect(text).toContain('1 object changes in 2 of 3 destinations');
    expect(text).toContain('|  | production |\n');
    expect(text.match(/spec\.replicas: 3/g)).toHaveLength(1);
    expect(text).toContain(
      '[<code>stencils/api.yaml:7:3</code>](https://github.com/acme/shop/blob/abc/stencils/api.yaml#L7)',
    );
  });

  it('shows destinations that change differently beside each other', () => {
    const text = page([
      target('production/eu', [scaled('production-eu')]),
      target('production/us', [scaled('production-us', 5)]),
    ]);
    expect(text).toContain('|  | production/eu | production/us |\n');
    expect(text).toContain('+ spec.replicas: 5');
  });

  it('keeps objects of other namespaces apart', () => {
    const text = page([target('production/eu', [scaled('production-eu'), scaled('monitoring')])]);
    expect(text).toContain('2 objects change');
  });

  it('does not make the table too wide for destinations that all differ', () => {
    const names = Array.from({ length: 30 }, (_, index) => `f${index}`);
    const text = page(names.map((name, index) => target(`${name}/eu`, [scaled(`${name}-eu`, index + 3)])));
    expect(text).toContain(`|  | ${names.join('<br>')} |\n`);
    expect(text).toContain('+ spec.replicas: 32');
  });

  it('names the namespace of an object that is not that of its destination', () => {
    const text = page([target('manifests', [scaled('one'), scaled('two')])]);
    expect(text).toContain('@@ Deployment one/api @@');
    expect(text).toContain('| Deployment two/api<br>');
    expect(page([target('staging/main', [scaled('staging-main')])])).toContain('@@ Deployment api @@');
  });

  it('counts fields that are left out although nothing else changes', () => {
    expect(page([{ ...target('staging/main', []), ignored: 2 }])).toBe(
      '### ✅ shop: no manifest changes, 2 fields ignored\n',
    );
  });

  it('says in its title that a destination leaves, and not that nothing changes', () => {
    const text = page([target('staging/main', [])], LIMIT, { removed: [{ name: 'production/eu' }] });
    expect(text).toContain('### ✅ shop: 1 destination leaves\n');
  });

  it.each([
    ['of which some lines are shown', 50, '    and 80 more lines'],
    ['of which most differs', 2000, '    most of the text differs'],
  ])('marks only lines of a long text %s', (_, lines, note) => {
    const text = (word: string) =>
      Array.from({ length: lines }, (__, index) => `${word} ${index}`).join('\n');
    const fields = [{ path: 'data.a', before: text('x'), after: text('y') }];
    expect(page([target('staging/main', [deployment('staging-main', fields)])])).toContain(`\n${note}\n`);
  });

  it('does not send anyone to a file that is not written', () => {
    const many = Array.from({ length: 201 }, (_, index) => finding(`wrong ${index}`));
    const targets = [target('staging/main', [], many)];
    const review = { application: 'shop', targets, removed: [], moved: [], settings: [], limits: [] };
    const text = reviewMarkdown(review, { rest: 'left out' }, LIMIT);
    expect(text).toContain('\n1 more are left out.\n');
    expect(text).not.toContain('report.json');
  });

  it('says what is not known only where something changes', () => {
    expect(page([target('staging/main', [scaled('staging-main')])])).toContain('It is not known what runs.');
    expect(page([target('staging/main', [])])).not.toContain('It is not known');
  });

  it('marks workloads whose pods restart', () => {
    const text = page([
      target('staging/main', [deployment('staging-main', [{ path: 'spec.template.a', after: 1 }], true)]),
    ]);
    expect(text).toContain('pods of 1 workload restart');
    expect(text).toContain('</code> ↻ |');
  });

  it('says what leaves the formations', () => {
    expect(page([target('staging/main', [])], LIMIT, { removed: [{ name: 'production/eu' }] })).toContain(
      '<code>production/eu</code> leaves the formations',
    );
  });

  it('warns of destroying what a new destination takes over', () => {
    const removed = [{ name: 'production/eu', successor: 'production/europe' }];
    expect(page([target('production/europe', [])], LIMIT, { removed })).toContain(
      '<code>production/europe</code> has the namespace of <code>production/eu</code>: in the same cluster it takes over what runs there, so do not destroy that.',
    );
  });

  it.each([
    [false, '<code>production/eu</code> leaves the namespace <code>shop</code>: what runs in that stays'],
    [true, '<code>production/eu</code> has another context or server: in another cluster everything is new'],
  ])(
    'says that a destination goes elsewhere, and that nothing is removed by that',
    (isNamespaceKept, text) => {
      const moved = [{ name: 'production/eu', namespace: 'shop', isNamespaceKept }];
      expect(page([target('production/eu', [])], LIMIT, { moved })).toContain(text);
    },
  );

  it('shows settings that no manifest shows, and counts them in its title', () => {
    const object = { apiVersion: 'slipway.dev/v1', kind: 'Application', name: 'shop' };
    const fields = [{ path: 'spec.services.web.image', before: 'nginx:1.29', after: 'nginx:1.30' }];
    const settings: ShownChange[] = [{ object, action: 'change', restarts: false, fields }];
    const text = page([target('production/eu', [])], LIMIT, { settings });
    expect(text).toContain('### ✅ shop: no manifest changes, 1 setting changes\n');
    expect(text).toContain(
      '@@ Application shop @@\n- spec.services.web.image: nginx:1.29\n+ spec.services.web.image: nginx:1.30',
    );
    expect(page([target('production/eu', [])], 150, { settings })).toContain('in the summary of the run');
  });

  it('has sign-offs before other findings', () => {
    const text = page([
      target('staging/main', [], [finding('wrong'), finding('bigger', 'sign-off', 'team/size')]),
    ]);
    expect(text.indexOf('bigger')).toBeLessThan(text.indexOf('wrong'));
    expect(text).toContain('❌ shop: no manifest changes, 1 error, 1 sign-off');
  });

  it.each([
    ['a fence', '```\n# Approved', '````diff'],
    ['a heading', '\n# Approved', '```diff'],
    ['HTML', '</details><h1>Approved</h1>', '```diff'],
  ])('cannot be left by a value with %s', (_, after, fence) => {
    const text = page([
      target('staging/main', [deployment('staging-main', [{ path: 'data.a', before: 'x', after }])]),
    ]);
    expect(text).toContain(fence);
    expect(text).not.toMatch(/^#+ Approved/m);
    expect(text.split('\n').filter(line => line.startsWith(fence.replace('diff', '')))).toHaveLength(2);
  });

  it('notifies no one outside of the diff, where names notify no one', () => {
    const text = page([target('staging/main', [scaled('staging-main')], [finding('see @ada and #7')])]);
    expect(text).not.toMatch(/[@#](?:ada|7)/);
    expect(text).not.toMatch(/&#(?:64|35);(?!&#8203;)/);
  });

  it('shortens the fields of a diff before the findings, and says so', () => {
    const fields = Array.from({ length: 50 }, (_, index) => ({
      path: `data.key${index}`,
      before: 'a',
      after: 'b',
    }));
    const many = Array.from({ length: 100 }, (_, index) => ({
      ...deployment('staging-main', fields),
      object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'staging-main', name: `config-${index}` },
    }));
    const findings = Array.from({ length: 20 }, (_, index) => finding(`wrong number ${index}`));
    const text = page([target('staging/main', many, findings)]);
    expect(text.length).toBeLessThanOrEqual(LIMIT);
    expect(text).toContain('more fields');
    expect(text).toContain('wrong number 19');
    const shorter = page([target('staging/main', many, findings)], 20_000);
    expect(shorter.length).toBeLessThanOrEqual(20_000);
    expect(shorter).toContain('Which fields change is in the summary of the run');
    expect(shorter).toContain('wrong number 0');
  });
});
