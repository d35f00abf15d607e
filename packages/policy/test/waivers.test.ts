import { describe, expect, it } from '@jest/globals';
import { checkYaml, configMap, configMapPolicy, shown } from './support/check-yaml.ts';

const denying = '  validations: [{ expression: "object.data.colour == \'red\'", message: it must be red }]';
const waiver = (changes: Readonly<Record<string, string>> = {}): string => {
  const spec = {
    rule: 'rule',
    object: '{ kind: ConfigMap, name: settings }',
    reason: 'Blue is what the customer ordered.',
    owner: '"@acme/shop"',
    until: '2026-12-31',
    ...changes,
  };
  const lines = Object.entries(spec)
    .filter(([, value]) => value !== '')
    .map(([field, value]) => `  ${field}: ${value}`);
  return `---\napiVersion: slipway.dev/v1\nkind: Waiver\nmetadata: { name: blue }\nspec:\n${lines.join('\n')}\n`;
};
const now = new Date('2026-11-21T12:00:00Z');
const check = async (changes: Readonly<Record<string, string>>, more = {}) =>
  shown(
    await checkYaml({
      manifests: configMap,
      policies: configMapPolicy(denying) + waiver(changes),
      now,
      ...more,
    }),
  ).map(text => text.replace(/ \d+:\d+$/, ''));

describe('a waiver', () => {
  it.each([
    ['of exactly this rule and object', {}, ['notice rule']],
    ['of this pointer', { pointer: '/data/colour' }, ['notice rule']],
    ['of a pointer above', { pointer: '/data' }, ['notice rule']],
    ['of this formation', { formation: 'staging' }, ['notice rule']],
    ['of this destination', { destination: 'main' }, ['notice rule']],
    ['of another formation', { formation: 'production' }, ['error rule']],
    ['of another destination', { destination: 'eu' }, ['error rule']],
    ['of another rule', { rule: 'other' }, ['error rule', 'warning waiver/unused']],
    [
      'of another object',
      { object: '{ kind: ConfigMap, name: others }' },
      ['error rule', 'warning waiver/unused'],
    ],
    [
      'of another kind',
      { object: '{ kind: Secret, name: settings }' },
      ['error rule', 'warning waiver/unused'],
    ],
    ['of another pointer', { pointer: '/data/col' }, ['error rule', 'warning waiver/unused']],
    ['that ended', { until: '2026-11-20' }, ['error rule', 'error waiver/expired']],
    ['that ends today', { until: '2026-11-21' }, ['notice rule', 'warning waiver/ends-soon']],
    ['that ends in two weeks', { until: '2026-12-04' }, ['notice rule', 'warning waiver/ends-soon']],
    ['that ends in three', { until: '2026-12-12' }, ['notice rule']],
    ['of many rules', { rule: "'*'" }, ['error rule', 'error waiver/invalid']],
    ['of many objects', { object: '{ kind: ConfigMap, name: "*" }' }, ['error rule', 'error waiver/invalid']],
    ['without a reason', { reason: '' }, ['error rule', 'error waiver/invalid']],
    ['with no reason to speak of', { reason: 'legacy' }, ['error rule', 'error waiver/invalid']],
    ['without an owner', { owner: '' }, ['error rule', 'error waiver/invalid']],
    ['until a day that no calendar has', { until: '2027-02-30' }, ['error rule', 'error waiver/invalid']],
    ['without an end', { until: '' }, ['error rule', 'error waiver/invalid']],
    ['with an end that is not a day', { until: 'someday' }, ['error rule', 'error waiver/invalid']],
    [
      'with a field that does not exist',
      { because: 'it is blue and blue is fine' },
      ['error rule', 'error waiver/invalid'],
    ],
  ])('%s', async (_title, changes, found) => {
    expect(
      await check(changes as Record<string, string>, { formation: 'staging', destination: 'main' }),
    ).toEqual(found);
  });

  it('is ignored without a clock, and says so', async () => {
    expect(await check({}, { now: undefined })).toEqual(['error rule', 'warning waiver/ignored']);
  });

  it('cannot waive a sign-off', async () => {
    const policies = configMapPolicy(denying, undefined, '{ slipway.dev/sign-off: "@acme/ops" }') + waiver();
    expect(
      (await checkYaml({ manifests: configMap, policies, now })).map(({ severity }) => severity),
    ).toEqual(['sign-off', 'warning']);
  });

  it.each(['rule', 'rule/failed'])(
    'of %s does not cover that a policy could not be evaluated, unless it says so',
    async rule => {
      const policies =
        configMapPolicy('  validations: [{ expression: "object.data.nothing == \'x\'" }]') + waiver({ rule });
      const [found] = await checkYaml({ manifests: configMap, policies, now });
      expect([found?.rule, found?.severity]).toEqual(['rule/failed', rule === 'rule' ? 'error' : 'notice']);
    },
  );

  it('cannot waive what is wrong with the rules themselves', async () => {
    const policies =
      configMapPolicy('  validations: [{ expression: "nonsense" }]') +
      waiver({ rule: 'policy/does-not-compile' });
    expect(
      (await checkYaml({ manifests: configMap, policies, now })).map(
        ({ rule, severity }) => `${severity} ${rule}`,
      ),
    ).toContain('error policy/does-not-compile');
  });

  it('may be beside the policies or be given separately', async () => {
    const position = { path: 'w.yaml', line: 1, column: 1 };
    const value = {
      apiVersion: 'slipway.dev/v1',
      kind: 'Waiver',
      metadata: { name: 'x' },
      spec: {
        rule: 'rule',
        object: { kind: 'ConfigMap', name: 'settings' },
        reason: 'Blue it is and stays.',
        owner: 'me',
        until: '2027-01-01',
      },
    };
    const document = {
      path: 'w.yaml',
      index: 0,
      value,
      positionOf: () => position,
      keyPositionOf: () => position,
    };
    const found = await checkYaml({
      manifests: configMap,
      policies: configMapPolicy(denying),
      waivers: [document],
      now,
    });
    expect(found.map(({ severity }) => severity)).toEqual(['notice']);
  });
});
