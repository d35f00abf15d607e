import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseReport, type Report, SlipwayError } from '@slipway/core';
import { type FakeRunner, fakeRunner, inputsOf } from '@slipway/github/testing';
import { readRepository, renderAll, selectTargets, writeRenderedTree } from '@slipway/render';
import { readActionFile } from '@slipway/testbed/runner';
import { scratch } from '@slipway/testkit/git';
import { sarifProblems } from '@slipway/testkit/sarif';
import { type Changes, replacing, shopWith, withStrategy } from '@slipway/testkit/shop';
import { readInputs, run } from '../src/run.ts';

const action = readActionFile(new URL('../action.yml', import.meta.url).pathname);

interface Result {
  readonly level: string;
  readonly ruleId: string;
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

interface Outcome {
  readonly runner: FakeRunner;
  readonly workspace: string;
  readonly error: unknown;
  reports(): Report[];
}

async function checkIn(workspace: string, given: Readonly<Record<string, string>>): Promise<Outcome> {
  const runner = fakeRunner({ workspace, temporaryDirectory: scratch() });
  const error = await run(inputsOf(readInputs, given), runner, () => new Date('2026-11-21T12:00:00Z')).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const paths = (runner.outputs['report'] ?? '').split('\n').filter(path => path !== '');
  return {
    runner,
    workspace,
    error,
    reports: () => paths.map(path => parseReport(readFileSync(path, 'utf8'), path)),
  };
}

/** The example with changes, rendered without a snapshot and checked. */
async function checkShop(
  changes: Changes = {},
  given: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const workspace = shopWith(changes);
  const repository = await readRepository({ workspace, application: 'slipway.yaml' });
  const all = await renderAll(repository, { targets: selectTargets(repository, [], []), set: {} });
  const manifests = join(scratch(), 'rendered');
  await writeRenderedTree(manifests, all.destinations);
  return await checkIn(workspace, { manifests, ...given });
}

/** Plain manifests in a separate workspace. */
async function checkPlain(
  files: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const workspace = scratch();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(workspace, path, '..'), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  return await checkIn(workspace, { manifests: 'manifests', ...given });
}

const configMap = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n${more}`;
const policy = (actions: string, annotations = '{}', message = 'there is no team'): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: team }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps] }]
  validations: [{ expression: "'team' in object.metadata.?labels.orValue({})", message: ${JSON.stringify(message)} }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: team, annotations: ${annotations} }
spec: { policyName: team, validationActions: [${actions}] }
`;

describe('a rendered tree', () => {
  it('of the example passes, with a report beside each destination', async () => {
    const { runner, error, reports } = await checkShop();
    expect(error).toBeUndefined();
    expect(runner.annotations).toEqual([]);
    const { error: _onFailure, ...onSuccess } = action.outputs;
    expect(Object.keys(runner.outputs).sort()).toEqual(Object.keys(onSuccess).sort());
    expect(runner.outputs).toMatchObject({ verdict: 'passed', errors: '0', warnings: '0', 'sign-off': '0' });
    expect(runner.outputs['report']?.split('\n').map(path => path.split('/').slice(-3).join('/'))).toEqual([
      'production/eu/report.json',
      'production/us/report.json',
      'staging/main/report.json',
    ]);
    expect(reports().map(({ verdict, counts }) => [verdict, counts.objects])).toEqual(
      Array(3).fill(['passed', 13]),
    );
  });

  it('has findings on the line of the stencil, once for all destinations', async () => {
    const { runner, error, reports } = await checkShop({
      'stencils/api.yaml': replacing('periodSeconds: 5', 'periodSeconds: soon'),
    });
    expect(error).toMatchObject({ code: 'check-failed' });
    expect(runner.annotations).toEqual([
      {
        severity: 'error',
        code: 'schema/wrong-type',
        message: expect.stringMatching(
          /^Deployment api: .*periodSeconds" must be an integer of 32 bits, not text.* \[production\/eu, production\/us, staging\/main\]$/,
        ),
        at: expect.objectContaining({ path: 'stencils/api.yaml', line: 32 }),
      },
    ]);
    expect(reports().map(({ verdict }) => verdict)).toEqual(['failed', 'failed', 'failed']);
    expect(reports()[0]?.findings[0]).toMatchObject({ formation: 'production', destination: 'eu' });
  });

  it('has an error for an image that deploy would refuse after the build', async () => {
    const { runner } = await checkShop({
      'stencils/web.yaml': replacing('image: ${image.web}', 'image: docker.io/library/nginx:1.29'),
    });
    expect(runner.annotations).toEqual([
      {
        severity: 'error',
        code: 'images/foreign',
        message: expect.stringContaining(
          '"web" runs "docker.io/library/nginx:1.29", which is not an image of a service; make it a service of slipway.yaml and write ${image.<service>} [production/eu, production/us, staging/main]',
        ),
        at: expect.objectContaining({ path: 'stencils/web.yaml', line: 21 }),
      },
    ]);
  });

  it('has what deploy would refuse about steps at the line of the stencil or of the formation', async () => {
    const { runner, error } = await checkShop({
      'formations/production.yaml': withStrategy(
        '  strategy:\n    workloads: [apii, web]\n    attend: 7h\n    steps:\n      - { weight: 5, bake: 10m }\n',
      ),
      'stencils/web.yaml': replacing('targetPort: http', 'targetPort: htpt'),
    });
    expect(error).toMatchObject({ code: 'check-failed' });
    const found = runner.annotations.map(({ severity, code, message, at }) =>
      [severity, code, at?.path, message.replace(/;.*/, '')].join(' | '),
    );
    expect(found).toEqual(
      expect.arrayContaining([
        'error | steps/workload-unknown | formations/production.yaml | the release has no Deployment "apii"',
        'error | steps/port | stencils/web.yaml | the pods of Deployment web have no port "htpt", which Service web sends to',
        expect.stringMatching(
          /^error \| steps\/share \| formations\/production\.yaml \| a weight of 5 beside 4 pods of Deployment web would be 20 %$/,
        ),
        'warning | steps/strategy | formations/production.yaml | attend is 7h, and a job on a hosted runner of GitHub ends after 6h',
      ]),
    );
  });

  it('has a warning on the line of a weight whose copy is a single pod, where counts are compared', async () => {
    const count = 'sum(increase(x_total{pod=~"${pods}"}[${window}]))';
    const { runner } = await checkShop({
      'formations/production.yaml': text =>
        `${withStrategy('  strategy:\n    workloads: [web]\n    steps:\n      - { weight: 20, bake: 10m }\n')(text).replace(/^ {2}verify:.*\n/m, '')}  verify:\n    checks:\n      - name: errors\n        prometheus: { bad: '${count}', all: '${count}', worse-by: 1% }\n`,
    });
    const [found] = runner.annotations.filter(({ code }) => code === 'steps/advice');
    expect(found).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('so that it has two'),
      at: expect.objectContaining({ path: 'formations/production.yaml', line: 32 }),
    });
  });

  it('has what deploy refuses about checks in steps, and what no step can answer, at the check', async () => {
    const { runner } = await checkShop({
      'formations/production.yaml': text =>
        `${text.replace(/^ {2}verify:.*\n/m, '')}  verify:
    checks:
      - name: before
        prometheus: { query: errors, max-increase: 20% }
      - name: typo
        prometheus: { query: 'max(m{pod=~"\${pods.apii}"})', max: 1 }
      - name: slow
        prometheus: { query: 'rate(x{pod=~"\${pods}"}[5m])', higher-by: 20% }
      - name: queue
        prometheus: { query: 'max(m{pod=~"\${pods.web}"})', max: 1 }
`,
    });
    const found = runner.annotations.filter(({ code }) => /^steps\/(?:check|comparison)$/.test(code ?? ''));
    expect(found.map(({ severity, code, message, at }) => [severity, code, at?.line, message])).toEqual([
      [
        'error',
        'steps/check',
        37,
        expect.stringContaining('has max-increase, which compares with the time before'),
      ],
      [
        'error',
        'steps/check',
        39,
        expect.stringContaining(
          'pods of "apii", which is not a Deployment of the release; did you mean "api"?',
        ),
      ],
      [
        'warning',
        'steps/comparison',
        41,
        expect.stringContaining('10 values of each version that do not overlap take 50m'),
      ],
      [
        'warning',
        'steps/comparison',
        43,
        expect.stringContaining(
          'is about the pods of "web", which have no copy, so that it is asked in no step',
        ),
      ],
    ]);
  });

  it('has a warning on the line of a comparison whose values overlap', async () => {
    const query = 'sum(rate(seconds_sum{pod=~"${pods}"}[5m]))';
    const { runner } = await checkShop({
      'formations/production.yaml': text =>
        `${text.replace(/^ {2}verify:.*\n/m, '')}  verify:\n    checks:\n      - name: latency\n        prometheus:\n          query: ${query}\n          higher-by: 20%\n          every: 15s\n`,
    });
    const found = runner.annotations.find(({ message }) => /overlap and count/.test(message));
    expect(found).toMatchObject({
      ...{ severity: 'warning', code: 'steps/comparison' },
      message: expect.stringMatching(
        /^check "latency" looks every 15 s at 300 s, so that 20 values overlap and count as one; set every to 300s/,
      ),
      at: { path: 'formations/production.yaml' },
    });
    expect(found?.at?.line).toBeGreaterThan(1);
  });

  it('is checked by the policies of the application', async () => {
    const { runner } = await checkShop({
      'stencils/web.yaml': replacing('team: storefront', 'team: nobody'),
    });
    expect(runner.annotations.map(({ code, at }) => [code, at?.path, at?.line])).toEqual([
      ['ownership', 'stencils/web.yaml', 5],
    ]);
  });

  it('points at a patch that made the mistake, and at the value that filled it', async () => {
    const { reports } = await checkShop({
      'formations/production.yaml': replacing('spec: { replicas: 4 }', 'spec: { replicas: many }'),
    });
    const [finding] = reports().flatMap(({ findings }) => findings);
    expect([finding?.rule, finding?.place?.path]).toEqual([
      'schema/wrong-type',
      'formations/production.yaml',
    ]);
  });

  it('has an error on the line of a promoted-from that names no formation', async () => {
    const { error } = await checkShop({
      'formations/production.yaml': replacing('promoted-from: staging', 'promoted-from: stagin'),
    });
    expect((error as SlipwayError).problems).toEqual([
      expect.objectContaining({
        code: 'promoted-from-unknown',
        at: expect.objectContaining({ path: 'formations/production.yaml', line: 5 }),
        remedy: 'did you mean "staging"?',
      }),
    ]);
  });

  it('may be checked in part', async () => {
    const { runner } = await checkShop({}, { formation: 'production', destination: 'us' });
    expect(runner.outputs['report']).toMatch(/^[^\n]*production\/us\/report\.json$/);
    const { error } = await checkShop({}, { formation: 'nowhere' });
    expect(error).toMatchObject({ code: 'nothing-to-check' });
  });

  it('accepts additional packs and policies', async () => {
    const extra = { 'more/team.yaml': () => policy('Warn') };
    const { runner } = await checkShop(extra, { policies: 'more', formation: 'staging' });
    expect(runner.outputs).toMatchObject({ verdict: 'passed' });
  });

  it('that was changed after rendering is refused', async () => {
    const { runner } = await checkShop();
    const folder = join(runner.outputs['report']?.split('\n')[2] ?? '', '..');
    const manifest = join(folder, 'manifests/api.yaml');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('replicas: 2', 'replicas: 9'));
    const { error } = await checkIn(shopWith(), { manifests: folder });
    expect(error).toMatchObject({ code: 'rendered-changed' });
  });

  it('of a formation that the application does not have is refused', async () => {
    const { runner } = await checkShop();
    const manifests = join(runner.outputs['report']?.split('\n')[2] ?? '', '..');
    const other = scratch();
    mkdirSync(join(other, 'formations'));
    const header = 'apiVersion: slipway.dev/v1\nkind:';
    writeFileSync(
      join(other, 'slipway.yaml'),
      `${header} Application\nmetadata: { name: other }\nspec: { registry: a.example/b, services: { api: { image: nginx } } }\n`,
    );
    writeFileSync(
      join(other, 'formations/elsewhere.yaml'),
      `${header} Formation\nmetadata: { name: elsewhere }\nspec: { destinations: { main: { namespace: a } } }\n`,
    );
    const { error } = await checkIn(other, { manifests });
    expect(error).toMatchObject({ code: 'formation-unknown' });
  });
});

describe('plain manifests', () => {
  it('are checked by the rules that the inputs name', async () => {
    const { runner, reports } = await checkPlain(
      {
        'manifests/a.yaml': configMap('a'),
        'manifests/deep/b.yml': configMap('b'),
        'rules/team.yaml': policy('Warn'),
      },
      { policies: 'rules/*.yaml' },
    );
    expect(runner.outputs).toMatchObject({ verdict: 'passed', errors: '0', warnings: '2' });
    expect(runner.outputs['report']).toBe(join(runner.temporaryDirectory, 'slipway/report.json'));
    expect(reports()[0]?.counts).toMatchObject({ objects: 2, warnings: 2 });
    expect(runner.annotations.map(({ severity, at }) => [severity, at?.path])).toEqual([
      ['warning', 'manifests/a.yaml'],
      ['warning', 'manifests/deep/b.yml'],
    ]);
  });

  it('fail for warnings if the inputs say so', async () => {
    const files = { 'manifests/a.yaml': configMap('a'), 'rules/team.yaml': policy('Warn') };
    const { runner, error } = await checkPlain(files, { policies: 'rules', 'fail-on': 'warning' });
    expect(runner.outputs['verdict']).toBe('failed');
    expect(error).toMatchObject({ code: 'check-failed' });
  });

  it('may need a sign-off, which does not fail the step', async () => {
    const files = {
      'manifests/a.yaml': configMap('a'),
      'rules/team.yaml': policy('Deny', '{ slipway.dev/sign-off: "@acme/ops" }'),
    };
    const { runner, error } = await checkPlain(files, { policies: 'rules' });
    expect(error).toBeUndefined();
    expect(runner.outputs).toMatchObject({ verdict: 'needs-sign-off', 'sign-off': '1' });
    expect(runner.summary).toContain('needs sign-off');
  });

  it('have the namespace and version of the inputs', async () => {
    const network =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: a, readinessProbe: { httpGet: { port: 1, host: b } } }] }\n';
    const of = async (version: string) =>
      (
        await checkPlain(
          { 'manifests/a.yaml': network },
          { packs: 'pod-security/baseline', 'kubernetes-version': version },
        )
      ).runner.outputs['errors'];
    expect([await of('1.33'), await of('1.34')]).toEqual(['0', '1']);
  });

  it('with a duplicate key cause a warning', async () => {
    const { runner } = await checkPlain({
      'manifests/a.yaml': configMap('a', 'data: { a: b }\ndata: { c: d }\n'),
    });
    expect(runner.annotations.map(({ code, severity, at }) => [code, severity, at?.line])).toEqual([
      ['schema/duplicate-key', 'warning', 5],
    ]);
  });

  it('may be a list of a kind', async () => {
    const list =
      'apiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a }, datta: {} }\n';
    const { runner } = await checkPlain({ 'manifests/list.yaml': list });
    expect(runner.annotations.map(({ code, at }) => [code, at?.line])).toEqual([['schema/unknown-field', 4]]);
  });
});

describe('SARIF', () => {
  it('conforms to the standard, with a location and a fingerprint for each result', async () => {
    const files = {
      'manifests/a b.yaml': configMap('a', 'dada: {}\n'),
      'manifests/b.yaml': configMap('b'),
      'rules/team.yaml': policy('Warn', '{}', 'see [this](javascript:x)'),
    };
    const { runner, workspace } = await checkPlain(files, { policies: 'rules', sarif: 'out/slipway.sarif' });
    expect(runner.outputs['sarif']).toBe(join(workspace, 'out/slipway.sarif'));
    const sarif = JSON.parse(readFileSync(runner.outputs['sarif'] ?? '', 'utf8'));
    expect(sarifProblems(sarif)).toEqual([]);
    const [{ results, tool }] = sarif.runs;
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['schema/unknown-field', 'team']);
    expect(
      results.map(({ level, ruleId, locations }: Result) => [
        level,
        ruleId,
        locations[0]?.physicalLocation.artifactLocation.uri,
      ]),
    ).toEqual([
      ['error', 'schema/unknown-field', 'manifests/a%20b.yaml'],
      ['warning', 'team', 'manifests/a%20b.yaml'],
      ['warning', 'team', 'manifests/b.yaml'],
    ]);
    expect(results[1].message.text).toContain('see \\[this\\](javascript:x)');
    expect(
      new Set(results.map(({ partialFingerprints }: Result) => partialFingerprints['slipwayFingerprint/v1']))
        .size,
    ).toBe(3);
  });

  it('is written only inside the workspace, by a relative path', async () => {
    const { error } = await checkPlain({ 'manifests/a.yaml': configMap('a') }, { sarif: '../out.sarif' });
    expect(error).toMatchObject({ code: 'output-outside' });
  });

  it('replaces a link in the repository, and does not follow it', async () => {
    const elsewhere = join(scratch(), 'precious');
    writeFileSync(elsewhere, 'precious');
    const workspace = scratch();
    writeFileSync(join(workspace, 'a.yaml'), configMap('a'));
    symlinkSync(elsewhere, join(workspace, 'out.sarif'));
    await checkIn(workspace, { manifests: 'a.yaml', sarif: 'out.sarif' });
    expect(readFileSync(elsewhere, 'utf8')).toBe('precious');
    expect(readFileSync(join(workspace, 'out.sarif'), 'utf8')).toContain('2.1.0');
  });
});

describe('waivers', () => {
  const waiver = (until: string, rule = 'team'): string =>
    `apiVersion: slipway.dev/v1\nkind: Waiver\nmetadata: { name: legacy }\nspec:\n  rule: ${rule}\n  object: { kind: ConfigMap, name: a }\n  reason: The map is older than the rule.\n  owner: "@acme/shop"\n  until: ${until}\n`;
  const files = { 'manifests/a.yaml': configMap('a'), 'rules/team.yaml': policy('Deny') };

  it('turn the findings that they waive into notices', async () => {
    const { runner, error, reports } = await checkPlain(
      { ...files, 'waivers.yaml': waiver('2026-12-31') },
      { policies: 'rules', waivers: 'waivers.yaml' },
    );
    expect(error).toBeUndefined();
    expect(runner.outputs).toMatchObject({ verdict: 'passed', errors: '0', warnings: '0' });
    expect(reports()[0]?.findings.map(({ severity, message }) => [severity, message])).toEqual([
      [
        'notice',
        expect.stringContaining(
          '(waived until 2026-12-31 by "@acme/shop": "The map is older than the rule.")',
        ),
      ],
    ]);
  });

  it('that have expired fail', async () => {
    const { reports } = await checkPlain(
      { ...files, 'waivers.yaml': waiver('2026-11-20') },
      { policies: 'rules', waivers: 'waivers.yaml' },
    );
    expect(
      reports()[0]
        ?.findings.map(({ rule }) => rule)
        .toSorted(),
    ).toEqual(['team', 'waiver/expired']);
  });

  it('for one destination are not reported as unused for another', async () => {
    const shop = {
      'policies/waiver.yaml': () =>
        waiver('2026-12-31', 'ownership')
          .replace('ConfigMap, name: a', 'Deployment, name: web')
          .replace('  reason', '  formation: staging\n  reason'),
    };
    const unowned = { ...shop, 'stencils/web.yaml': replacing('team: storefront', 'team: nobody') };
    const { reports } = await checkShop(unowned);
    expect(reports().map(({ verdict }) => verdict)).toEqual(['failed', 'failed', 'passed']);
    expect(reports().flatMap(({ findings }) => findings.map(({ rule }) => rule))).not.toContain(
      'waiver/unused',
    );
    const unused = await checkShop(shop);
    expect(unused.runner.annotations.map(({ code }) => code)).toEqual(['waiver/unused']);
  });
});

describe('the annotations', () => {
  const many = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [
      `manifests/${String(index).padStart(2, '0')}.yaml`,
      configMap(`map-${index}`, 'dada: {}\n'),
    ]),
  );

  it('are nine of a kind at most, of which the last says how many more there are', async () => {
    const { runner, error, reports } = await checkPlain(many);
    expect(runner.annotations.length).toBe(9);
    expect(runner.annotations.at(-1)).toEqual({
      severity: 'error',
      message: '22 more errors are in the summary and in report.json',
    });
    expect(runner.summary.match(/^\| .*there is no field/gm)).toHaveLength(30);
    expect(reports()[0]?.findings.length).toBe(30);
    expect(String(error)).toContain('30 errors');
  });

  it('have errors first', async () => {
    const files = { ...many, 'rules/team.yaml': policy('Warn') };
    const { runner } = await checkPlain(files, { policies: 'rules' });
    const severities = runner.annotations.map(({ severity }) => severity);
    expect(severities.lastIndexOf('error')).toBeLessThan(severities.indexOf('warning'));
  });

  /** Breaks a line for one reader or another, and would be a command or Markdown if it were shown as it is. */
  const hostile =
    'a\n::error file=x::owned%0A\r\n| <img src=x onerror=alert(1)> [a](javascript:b) `c` |\u2028owned\u0085owned\u000bowned\rowned';
  const breaks = /[\n\r\v\f\u0085\u2028\u2029]/;
  /** In double quotes, with escapes for the breaks that parsers disagree about. */
  const inQuotes = (text: string): string =>
    JSON.stringify(text).replace(
      /[\u0085\u2028]/g,
      found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  const quoted = inQuotes(hostile);
  const judged = (validation: string): Readonly<Record<string, string>> => ({
    'manifests/a.yaml': configMap('a'),
    'rules/team.yaml': policy('Deny').replace(/validations: .*/, () => `validations: [${validation}]`),
  });
  const written = (text: string): Readonly<Record<string, string>> => ({ 'manifests/a.yaml': text });
  const sources: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'a message, which Kubernetes takes with all breaks but two': judged(
      `{ expression: "false", message: ${inQuotes(hostile.replace(/[\n\r]/g, ' '))} }`,
    ),
    'a message that Kubernetes refuses': judged(`{ expression: "false", message: ${quoted} }`),
    'an expression, which is shown where there is no message': judged(
      `{ expression: ${inQuotes(`object.kind == """${hostile}"""`)} }`,
    ),
    'a made message, which Kubernetes takes with all breaks but one': judged(
      `{ expression: "false", messageExpression: ${inQuotes(inQuotes(hostile.replaceAll('\n', '')))} }`,
    ),
    'a failure to evaluate': judged(`{ expression: ${inQuotes(`{'a': true}[${quoted}]`)} }`),
    'the reason of a policy': judged(`{ expression: "false", message: m, reason: ${quoted} }`),
    'a broken expression': judged(`{ expression: ${inQuotes(`object.${hostile}`)} }`),
    'a field': written(configMap('a', `${quoted}: 1\n`)),
    'a key of data': written(configMap('a', `data: { ${quoted}: x }\n`)),
    'the name of an object': written(configMap(quoted)),
    'a kind': written(configMap('a').replace('ConfigMap', () => quoted)),
    'an apiVersion': written(configMap('a').replace('v1', () => quoted)),
    'a namespace': written(configMap(`a, namespace: ${quoted}`)),
    'the key of a label': written(configMap(`a, labels: { ${quoted}: x }`)),
    'the value of a label': written(configMap(`a, labels: { x: ${quoted} }`)),
    'the key of an annotation': written(configMap(`a, annotations: { ${quoted}: x }`)),
    'a value of the wrong type': written(configMap('a', `immutable: ${quoted}\n`)),
    'a value that is not one of a few': written(
      `apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { type: ${quoted}, ports: [{ port: 80 }] }\n`,
    ),
    'the name of an item': written(
      `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: ${quoted}, image: ${quoted} }] }\n`,
    ),
    'the name of a file': {
      [`manifests/${hostile.replaceAll('/', ' ')}.yaml`]: configMap('a', 'owned: 1\n'),
    },
    'text that is not YAML': written(`${hostile}\n  - [`),
  };

  it.each(Object.entries(sources))('cannot be manipulated by %s', async (_title, files) => {
    const policies: Record<string, string> = 'rules/team.yaml' in files ? { policies: 'rules' } : {};
    const { runner, error } = await checkPlain(files, { ...policies, packs: 'workloads' });
    expect(error).toMatchObject({ code: 'check-failed' });
    expect(runner.annotations.length).toBeGreaterThan(0);
    for (const { message } of runner.annotations) expect(message).not.toMatch(breaks);
    for (const line of runner.log) expect(line).not.toMatch(breaks);
    expect(String(error)).not.toMatch(breaks);
    for (const line of runner.summary.split(breaks)) {
      // A row of two cells, whatever is in them.
      if (line.includes('owned')) expect(line).toMatch(/^\| [^|]* \| [^|]* \|$/);
      expect(line).not.toMatch(/<img|\[a\]\(|^(?:::|owned|\|? ?&lt;)/);
      expect(line).not.toMatch(/(?<!`)`c`(?!`)/);
    }
  });
});

describe('bad input is one clear sentence', () => {
  it.each([
    ['a path that matches nothing', {}, {}, 'manifests-missing'],
    [
      'policies that are not there',
      { 'manifests/a.yaml': configMap('a') },
      { policies: 'nowhere' },
      'manifests-missing',
    ],
  ])('%s', async (_title, files, given, code) => {
    const { error } = await checkPlain(files as Record<string, string>, given as Record<string, string>);
    expect(error).toMatchObject({ name: 'SlipwayError', code });
  });

  it('for each file that is not there, all in one run', async () => {
    const given = { policies: 'no-policies', waivers: 'no-waivers', crds: 'no-crds' };
    const { error } = await checkPlain({}, given);
    expect((error as SlipwayError).problems.map(({ code, message }) => [code, message])).toEqual(
      ['no-policies', 'no-waivers', 'no-crds', 'manifests'].map(path => [
        'manifests-missing',
        expect.stringContaining(`"${path}"`),
      ]),
    );
  });

  it.each([
    ['a file that is not YAML', 'a: ['],
    ['a document that is not an object', 'just text'],
    ['an object whose metadata is misspelt', 'apiVersion: v1\nkind: ConfigMap\nmetafffdata: { name: a }\n'],
    [
      'aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
        .split('')
        .map(
          (letter, index) => `${letter}: &${letter} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`,
        )
        .join('\n')}\n`,
    ],
  ])('%s, which has a report though it is the only file', async (_title, text) => {
    const { error, reports } = await checkPlain({ 'manifests/a.yaml': text });
    expect(error).toMatchObject({ code: 'check-failed' });
    expect(reports()[0]?.findings.map(({ rule, place }) => [rule, place?.path])).toEqual([
      ['schema/unreadable', 'manifests/a.yaml'],
    ]);
  });

  it('an application that does not exist', async () => {
    const { runner } = await checkShop();
    const { error } = await checkIn(scratch(), {
      manifests: join(runner.outputs['report']?.split('\n')[0] ?? '', '..'),
    });
    expect(error).toBeInstanceOf(SlipwayError);
  });
});
