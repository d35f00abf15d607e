import { describe, expect, it } from '@jest/globals';
import { CostExceeded, compileExpression, dynType, EvaluationFailure, ExpressionProblem } from '@slipway/cel';
import { makeReport, parseReport } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import fc from 'fast-check';
import { checkYaml, configMap, configMapPolicy, shown } from './support/check-yaml.ts';
import { generateExpressions } from './support/generate.ts';

/**
 * What a check that is meant to hang may cost, in milliseconds of the processor: the time on the clock would be that of whatever
 * else the machine has to do.
 */
const PATIENCE = 2_000;

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const validation = (expression: string): string =>
  configMapPolicy(`  validations: [{ expression: ${JSON.stringify(expression)} }]`);

describe('expressions that are made to do harm', () => {
  const ten = '[1,2,3,4,5,6,7,8,9,10]';
  it.each([
    [
      'loops in loops',
      `${ten}.all(a, ${ten}.all(b, ${ten}.all(c, ${ten}.all(d, ${ten}.all(e, ${ten}.all(f, a + b + c + d + e + f > 0))))))`,
    ],
    ['a range without end', 'lists.range(9223372036854775807).size() > 0'],
    [
      'a text that grows and grows',
      "['x','y','z'].map(a, 'x'.replace('x', 'xxxxxxxxxx').replace('x', 'xxxxxxxxxx').replace('x', 'xxxxxxxxxx').replace('x', 'xxxxxxxxxx').replace('x', 'xxxxxxxxxx').replace('x', 'xxxxxxxxxx').replace('x', 'xxxxxxxxxx').replace('x', 'xxxxxxxxxx')).size() == 3",
    ],
    ['a pattern that explodes elsewhere', `'${'a'.repeat(5000)}!'.matches('^(a+)+$')`],
    ['a pattern with too many repetitions', "'a'.matches('((a{1,1000}){1,1000}){1,1000}')"],
    ['a quantity beyond what is computed', "quantity('1e101').isGreaterThan(quantity('1'))"],
    ['a duration of the age of the universe', "duration('99999999999999999999h') > duration('1s')"],
    ['a format of a million digits', "'%.1000000f'.format([1.0]) == ''"],
    ['brackets in brackets', `${'('.repeat(5000)}true${')'.repeat(5000)}`],
    ['lists in lists', `${'['.repeat(300)}${']'.repeat(300)} == []`],
    ['a chain of a hundred thousand terms', Array(20_000).fill('true').join('&&')],
    ['a prototype', "object.__proto__ == null || object.constructor == null || object['toString'] == null"],
    ['an expression of a megabyte', `'${'x'.repeat(1_000_000)}' == ''`],
  ])('end soon, and with a finding: %s', async (_title, expression) => {
    const started = processorTime();
    const found = await checkYaml({ manifests: configMap, policies: validation(expression) });
    expect(processorTime() - started).toBeLessThan(PATIENCE);
    expect(found.map(({ severity }) => severity)).toContain('error');
  });

  it('end soon with a verdict where the pattern is linear after all', async () => {
    const pattern = `${'(a?){50}'.repeat(20)}${'a'.repeat(50)}`;
    const started = processorTime();
    expect(
      await checkYaml({
        manifests: configMap,
        policies: validation(`'${'a'.repeat(1000)}'.matches('${pattern}')`),
      }),
    ).toEqual([]);
    expect(processorTime() - started).toBeLessThan(PATIENCE);
  });

  it('end soon where each is cheap and together they are dear', async () => {
    const hundred = `${ten}.map(x, ${ten})`;
    const one = `{ name: v, expression: "${hundred}.all(l, l.all(a, l.all(b, l.all(c, a + b + c > 0))))" }`;
    const variables = Array.from({ length: 300 }, (_, index) =>
      one.replace('name: v', `name: v${index}`),
    ).join(', ');
    const all = Array.from({ length: 300 }, (_, index) => `{ expression: "variables.v${index}" }`).join(', ');
    const started = processorTime();
    const found = await checkYaml({
      manifests: configMap,
      policies: configMapPolicy(`  variables: [${variables}]\n  validations: [${all}]`),
    });
    expect(processorTime() - started).toBeLessThan(5 * PATIENCE);
    expect(found.map(({ message }) => message).join()).toContain('running out of cost budget');
  });
});

describe('messages that are made to do harm', () => {
  const nasty =
    '::set-output name=x::y%0A::error::fake\u202e\u0007<script>alert(1)</script> | [link](javascript:x) `code`';

  const broken = `a\n${nasty}\r\nb`;
  it.each([
    [
      'that are written',
      `{ expression: "false", message: ${JSON.stringify(`a ${nasty}\u000bb`)} }`,
      /^a ::set-/,
    ],
    [
      'that are made, which may have every break but one',
      `{ expression: "false", messageExpression: ${JSON.stringify(JSON.stringify(broken.replaceAll('\n', '\r')))} }`,
      /^a ::set-/,
    ],
    [
      'that are expressions of several lines',
      `{ expression: ${JSON.stringify(`object.kind == """${broken}"""`)} }`,
      /^failed expression: object.kind == """a ::set-/,
    ],
    [
      'that are failures',
      `{ expression: ${JSON.stringify(`{'a': true}[${JSON.stringify(broken)}]`)} }`,
      /no such key: a ::set-/,
    ],
  ])('stay one line without control characters: %s', async (_title, written, beginning) => {
    const [found] = await checkYaml({
      manifests: configMap,
      policies: configMapPolicy(`  validations: [${written}]`),
    });
    expect(found?.message).toMatch(beginning);
    expect(found?.message).not.toMatch(/[\u0000-\u001f\u007f\u202e]/);
  });

  it('are cut', async () => {
    const policies = configMapPolicy(
      `  validations: [{ expression: "false", message: ${'x'.repeat(100_000)} }]`,
    );
    const [found] = await checkYaml({ manifests: configMap, policies });
    expect(found?.message.length).toBeLessThan(1100);
  });

  it('do not repeat a key of the manifest as it is', async () => {
    const found = await checkYaml({
      manifests: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n${JSON.stringify(nasty)}: 1\n`,
    });
    expect(found.map(({ rule }) => rule)).toEqual(['schema/unknown-field']);
    expect(found[0]?.message).not.toMatch(/[\u0000-\u001f\u007f\u202e]/);
  });
});

describe('manifests that are made to do harm', () => {
  it('have keys that JavaScript knows', async () => {
    const manifests =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, labels: { __proto__: x, constructor: z } }\ndata: { __proto__: polluted, toString: b }\n';
    const policies = validation(
      "'__proto__' in object.data && object.data['toString'] == 'b' && !('valueOf' in object.data)",
    );
    // A key of a label starts with a letter or a digit.
    expect(shown(await checkYaml({ manifests, policies }))).toEqual(['error schema/invalid-name 3:43']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('are of a kind that JavaScript knows', async () => {
    const found = await checkYaml({
      manifests: 'apiVersion: __proto__\nkind: constructor\nmetadata: { name: toString }\n',
    });
    expect(shown(found)).toEqual(['error schema/unknown-kind 2:7']);
  });

  it.each(['spec: &a [*a]', 'spec: 5', 'spec: null', 'metadata: { name: a, annotations: [1] }'])(
    'have unexpected forms: %s',
    async line => {
      const manifests = `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\n${line}\n`.replace(
        /metadata: \{ name: a \}\n(?=metadata)/,
        '',
      );
      const packs = ['workloads', 'references', 'pod-security/restricted'];
      const outcome = await checkYaml({ manifests, packs }).catch(error => error);
      expect(Array.isArray(outcome) || outcome.name === 'SlipwayError').toBe(true);
    },
  );

  it('are many', async () => {
    const manifests = Array.from({ length: 500 }, (_, index) =>
      configMap.replace('settings', `settings-${index}`),
    ).join('---\n');
    const found = await checkYaml({ manifests, policies: validation("object.data.colour == 'red'") });
    expect(found.length).toBe(500);
  });
});

it('makes findings that a report can hold, whatever is written', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.jsonValue({ maxDepth: 4 }),
      fc.string({ maxLength: 40, unit: 'binary' }),
      async (spec, expression) => {
        const manifests = JSON.stringify({
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'a' },
          spec,
        });
        const policies = validation(expression)
          .replaceAll('configmaps', 'deployments')
          .replaceAll('apiGroups: [""]', 'apiGroups: [apps]');
        const found = await checkYaml({
          manifests,
          policies,
          packs: ['workloads', 'references', 'pod-security/restricted'],
        });
        parseReport(JSON.stringify(makeReport(found, 1)), 'report.json');
      },
    ),
    { numRuns: 200 },
  );
});

describe('policies about Secrets', () => {
  const swordfish = 'c3dvcmRmaXNo';
  const old: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'settings', namespace: 'shop' },
    data: { colour: swordfish },
  };
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: settings }\ndata: { colour: Ymx1ZQ== }\n';
  const about = (resources: string, validations: string, more = ''): string =>
    configMapPolicy(`${more}  validations: [${validations}]`).replace('[configmaps]', `[${resources}]`);

  it.each([
    ['a message', `{ expression: "false", messageExpression: "'was ' + string(oldObject.data.colour)" }`],
    ['a failure', `{ expression: "{'a': 1}[string(oldObject.data.colour)] == 1" }`],
    ['a variable', '{ expression: variables.shown }'],
  ])('do not show what is in them: %s', async (_title, validations) => {
    const variables = `  variables: [{ name: shown, expression: "{'a': true}[string(oldObject.data.colour)]" }]\n`;
    const policies = about('secrets', validations, variables);
    const findings = await checkYaml({ manifests: secret, policies, more: { settings: { old } } });
    expect(shown(findings)).toHaveLength(1);
    expect(JSON.stringify(findings)).not.toContain(swordfish);
  });

  it('still give the message that is written there', async () => {
    const policies = about('secrets', '{ expression: "false", message: not like this }');
    const findings = await checkYaml({ manifests: secret, policies, more: { settings: { old } } });
    expect(findings.map(({ message }) => message)).toEqual(['not like this']);
  });
});

it('answers thousands of generated expressions, whole and cut up, soon and in its own words', () => {
  const names = new Map([
    ['object', dynType],
    ['variables', dynType],
    ['request', dynType],
  ]);
  const declarations = { names, minor: 36 };
  const values = {
    object: { kind: 'Deployment', metadata: { name: 'a', labels: { app: 'x' } }, spec: { replicas: 3 } },
    variables: { three: 3, names: ['main', 'side'] },
    request: { operation: 'CREATE' },
  };
  const started = processorTime();
  for (const expression of generateExpressions(7, 1500))
    for (const source of [
      expression,
      expression.slice(0, expression.length / 2),
      expression.replace(/[)\]]/, '?'),
    ])
      try {
        compileExpression(source, declarations).evaluate(values);
      } catch (error) {
        const own =
          error instanceof ExpressionProblem ||
          error instanceof EvaluationFailure ||
          error instanceof CostExceeded;
        if (!own) throw error;
      }
  expect(processorTime() - started).toBeLessThan(20_000);
});
