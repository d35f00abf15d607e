import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import type { Report } from '@slipway/core';
import { fakeRunner, inputsOf } from '@slipway/github/testing';
import fc from 'fast-check';
import { readInputs, run } from '../src/run.ts';

/** A finding of every run, whatever files are beside it. */
const OTHER = 'schema/unknown-field';
const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: other }\ndada: {}\n';

const policy = (spec: string): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: bad }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps] }]
${spec}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: bad }
spec: { policyName: bad, validationActions: [Deny] }
`;

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 12 }, (_, index) => {
  const [name, before] = ['bcdefghijklmn', 'abcdefghijklm'].map(letters => letters[index]);
  return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`;
}).join('\n')}\n`;

const definition = (schema: string): string => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: bads.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: bads, kind: Bad }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: ${schema} } }]
---
apiVersion: example.com/v1
kind: Bad
metadata: { name: bad }
spec: { text: ${'a'.repeat(40)}! }
`;

interface Bad {
  readonly files: Readonly<Record<string, string>>;
  /** The rules of the findings, beside that of the other file. */
  readonly rules: readonly string[];
  readonly message?: RegExp;
}

const cases: Readonly<Record<string, Bad>> = {
  'an alias bomb': { files: { 'manifests/bomb.yaml': bomb }, rules: ['schema/unreadable'], message: /alias/ },
  'a file that is not YAML': { files: { 'manifests/x.yaml': 'a: [\n' }, rules: ['schema/unreadable'] },
  'a document that is not an object': {
    files: { 'manifests/x.yaml': '- 1\n' },
    rules: ['schema/unreadable'],
  },
  binary: { files: { 'manifests/x.yaml': '\u0000\u0001\u0002' }, rules: ['schema/unreadable'] },
  'a list in a list, two hundred times': {
    files: { 'manifests/x.yaml': `a: ${'['.repeat(5000)}${']'.repeat(5000)}\n` },
    rules: ['schema/unreadable'],
  },
  'a regular expression that explodes elsewhere': {
    files: {
      'rules/p.yaml': policy(`  validations: [{ expression: "!'${'a'.repeat(40)}!'.matches('(a+)+$')" }]`),
    },
    rules: [],
  },
  'an invalid regular expression': {
    files: { 'rules/p.yaml': policy(`  validations: [{ expression: "object.metadata.name.matches('(')" }]`) },
    rules: ['policy/does-not-compile'],
  },
  'CEL that is too dear': {
    files: {
      'rules/p.yaml': policy(
        '  variables: [{ name: l, expression: "lists.range(1000)" }]\n  validations: [{ expression: "variables.l.all(a, variables.l.all(b, variables.l.all(c, a + b + c >= 0)))" }]',
      ),
    },
    rules: ['bad/failed'],
    message: /cost/,
  },
  'CEL that doubles a text again and again': {
    files: {
      'rules/p.yaml': policy(
        `  variables:\n    - { name: v0, expression: "'xxxxxxxxxx'" }\n${Array.from({ length: 60 }, (_, index) => `    - { name: v${index + 1}, expression: "variables.v${index} + variables.v${index}" }`).join('\n')}\n  validations: [{ expression: "variables.v60.size() > 0" }]`,
      ),
    },
    rules: ['bad/failed'],
  },
  'a variable that names itself': {
    files: {
      'rules/p.yaml': policy(
        '  variables: [{ name: a, expression: variables.a }]\n  validations: [{ expression: variables.a == 1 }]',
      ),
    },
    rules: ['policy/does-not-compile'],
    message: /undefined field 'a'/,
  },
  'variables that name each other': {
    files: {
      'rules/p.yaml': policy(
        '  variables: [{ name: a, expression: variables.b }, { name: b, expression: variables.a }]\n  validations: [{ expression: variables.a == 1 }]',
      ),
    },
    rules: ['policy/does-not-compile'],
  },
  'a policy whose types do not go together': {
    files: { 'rules/p.yaml': policy(`  validations: [{ expression: "1 + 'a' == 2" }]`) },
    rules: ['policy/does-not-compile'],
    message: /no matching overload/,
  },
  'an expression that is nested ten thousand times': {
    files: {
      'rules/p.yaml': policy(
        `  validations: [{ expression: "${'('.repeat(10_000)}true${')'.repeat(10_000)}" }]`,
      ),
    },
    rules: ['policy/does-not-compile'],
  },
  'an unknown kind': {
    files: { 'manifests/x.yaml': 'apiVersion: example.com/v1\nkind: Nothing\nmetadata: { name: a }\n' },
    rules: ['schema/unknown-kind'],
  },
  'a definition that is not structural': {
    files: {
      'manifests/x.yaml': definition('{ type: object, properties: { spec: { properties: { text: {} } } } }'),
    },
    rules: ['schema/invalid-definition'],
  },
  'a definition whose pattern would explode': {
    files: {
      'manifests/x.yaml': definition(
        '{ type: object, properties: { spec: { type: object, properties: { text: { type: string, pattern: "(a+)+$" } } } } }',
      ),
    },
    rules: ['schema/invalid-value'],
  },
  'a definition with rules that are dear': {
    files: {
      'manifests/x.yaml': definition(
        `{ type: object, properties: { spec: { type: object, properties: { text: { type: string, "x-kubernetes-validations": [{ rule: "self.split('').all(a, self.split('').all(b, self.split('').all(c, self.split('').all(d, a + b + c + d != ''))))" }] } } } } }`,
      ),
    },
    rules: ['schema/validation-rule/failed'],
    message: /cost/,
  },
  'a message that is a workflow command': {
    files: {
      'rules/p.yaml': policy(
        '  validations: [{ expression: "false", message: "::error::x %0A::set-output name=verdict::passed <img src=x> [a](b) | `c`" }]',
      ),
    },
    rules: ['bad'],
  },
  'a file whose name has a line break': {
    files: { 'manifests/a\nb%0A::error::.yaml': other },
    rules: [OTHER],
  },
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bad-'));
  folders.push(folder);
  return folder;
}

async function runIn(files: Readonly<Record<string, string>>, prepare?: (workspace: string) => void) {
  const workspace = scratch();
  for (const [path, text] of Object.entries({
    'manifests/zzz.yaml': other,
    'rules/empty.yaml': '',
    ...files,
  })) {
    mkdirSync(join(workspace, path, '..'), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  prepare?.(workspace);
  const runner = fakeRunner({ workspace, temporaryDirectory: join(workspace, 'temp') });
  const error = await run(inputsOf(readInputs, { manifests: 'manifests', policies: 'rules' }), runner).catch(
    (thrown: unknown) => thrown,
  );
  const report = runner.outputs['report'] ?? '';
  const findings = report === '' ? [] : (JSON.parse(readFileSync(report, 'utf8')) as Report).findings;
  return { error, runner, findings };
}

it.each(Object.entries(cases))(
  '%s ends in a finding, with the other findings intact',
  async (_title, bad) => {
    const { error, findings, runner } = await runIn(bad.files);
    expect(error).toMatchObject({ code: 'check-failed' });
    const rules = findings.map(({ rule }) => rule);
    expect(rules).toContain(OTHER);
    for (const rule of bad.rules) expect(rules).toContain(rule);
    if (bad.message !== undefined)
      expect(findings.map(({ message }) => message).join('\n')).toMatch(bad.message);
    for (const line of runner.summary.split('\n')) expect(line).not.toMatch(/^::|<img/);
  },
);

it('a file of 100 MB is refused by its size, and the others are checked', async () => {
  const { findings } = await runIn({ 'manifests/huge.yaml': 'a' }, workspace =>
    truncateSync(join(workspace, 'manifests/huge.yaml'), 100 * 1024 * 1024),
  );
  expect(findings.map(({ rule }) => rule).sort()).toEqual([OTHER, 'schema/unreadable']);
  expect(findings.map(({ message }) => message).join('\n')).toContain('is larger than 64 MiB');
});

it('a link out of the repository is refused, and nothing behind it is shown', async () => {
  const secret = join(scratch(), 'secret.yaml');
  writeFileSync(secret, 'token: hunter2\n');
  const { findings, runner } = await runIn({}, workspace =>
    symlinkSync(secret, join(workspace, 'manifests/link.yaml')),
  );
  expect(findings.map(({ rule }) => rule).sort()).toEqual([OTHER, 'schema/unreadable']);
  expect(JSON.stringify([findings, runner.summary, runner.annotations])).not.toContain('hunter2');
});

const pieces = [
  ...[
    'apiVersion: v1\n',
    'kind: ConfigMap\n',
    'kind: Deployment\n',
    'apiVersion: apps/v1\n',
    'metadata: { name: a }\n',
  ],
  ...[
    'metadata:\n',
    '  name: b\n',
    'spec: { replicas: 1 }\n',
    'spec: null\n',
    'data: { a: b }\n',
    'data: [1]\n',
    '---\n',
    '- 1\n',
  ],
  ...[
    '&a x\n',
    '*a\n',
    '"',
    "'",
    '{',
    '}',
    '<<: {a: 1}\n',
    '? x\n',
    '! y\n',
    '\t',
    'items: []\n',
    'kind: List\n',
  ],
  ...[
    '__proto__: { x: 1 }\n',
    '# Source: a/templates/b.yaml\n',
    '| \n',
    '\u2028',
    '0x1F: 1\n',
    '%YAML 1.2\n',
  ],
];

it('any mix of pieces of manifests ends in findings or a sentence', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), async parts => {
      const { error, findings } = await runIn({ 'manifests/x.yaml': parts.join('') });
      expect(error).toMatchObject({ code: 'check-failed' });
      expect(findings.map(({ rule }) => rule)).toContain(OTHER);
    }),
    { numRuns: 200, interruptAfterTimeLimit: 15_000 },
  );
});
