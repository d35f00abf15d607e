import { describe, expect, it } from '@jest/globals';
import { readRepositoryFrom, renderAll, type SpawnFor, selectTargets, spawn } from '../src/index.ts';
import { containedPrefixes } from '../src/repository/spawn-prefixes.ts';
import { config, configMap, type Files, inMemory, problemsOf, secret, shopFiles } from './support/shop.ts';

const preview = `
apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: preview}
spec:
  extends: production
  name-prefix: pr-\${spawn}-
  labels: {example.com/preview: "pr-\${spawn}"}
  spawn:
    form: shared
    expires: 48h
    at-most: 8
    hosts: [preview.acme.io]
    registry: registry.example/shop-preview
  destinations:
    dev: {namespace: shop-previews, context: dev}
`;
const files: Files = { ...shopFiles, 'formations/preview.yaml': preview };

const read = (changes: Files = {}) => readRepositoryFrom(inMemory({ ...files, ...changes }), 'slipway.yaml');

async function renderedFor(what: SpawnFor, changes: Files = {}) {
  const repository = spawn(await read(changes), what, []);
  const targets = selectTargets(repository, [...(repository.spawned?.keys() ?? [])], []);
  return await renderAll(repository, { targets });
}

const numbered = { text: '1234' };

describe('a spawned formation', () => {
  it('is not among those that are rendered, and everything else is', async () => {
    const repository = await read();
    expect(selectTargets(repository, [], []).map(({ formation }) => formation)).not.toContain('preview');
    expect([...repository.spawning.keys()]).toEqual(['preview']);
  });

  it('is refused by its name without a key', async () => {
    const repository = await read();
    expect(await problemsOf(() => selectTargets(repository, ['preview'], []))).toEqual([
      'spawn-key-missing: the formation "preview" is spawned, and it is not said for which pull request or branch; set the input "spawn" to the number of the pull request or the name of the branch',
    ]);
  });

  it('that is the only one is not taken for no formation at all', async () => {
    const { 'formations/staging.yaml': _, 'formations/production.yaml': __, ...others } = files;
    const alone = { ...others, 'formations/preview.yaml': preview.replace('  extends: production\n', '') };
    const repository = await readRepositoryFrom(inMemory(alone), 'slipway.yaml');
    expect(await problemsOf(() => selectTargets(repository, [], []))).toEqual([
      expect.stringMatching(/^spawn-key-missing/),
    ]);
  });

  it('may be extended by one that is declared, which has no block', async () => {
    const fixed = preview
      .replace('name: preview', 'name: demo')
      .replace('extends: production', 'extends: preview')
      .replace(/ {2}name-prefix[\s\S]*?destinations:/, '  destinations:');
    const repository = await read({ 'formations/demo.yaml': fixed });
    expect([...repository.spawning.keys()]).toEqual(['preview']);
    expect(repository.formations.has('demo')).toBe(true);
  });
});

describe('an instance', () => {
  const stencil = configMap('key: "${spawn}"\nformation: "${formation}"\nx: "${config.x}"');
  const values = (lines: string): Files => ({
    'stencils/config.yaml': stencil,
    'config/a.yaml': config(lines),
  });

  it('has its own name, prefix, labels and key', async () => {
    const { destinations } = await renderedFor(numbered, values('"*.*.x": 1'));
    expect(destinations[0]?.rendered).toMatchObject({
      ...{ formation: 'preview-1234', destination: 'dev', namespace: 'shop-previews' },
    });
    expect(destinations[0]?.objects[0]?.object).toMatchObject({
      metadata: { name: 'pr-1234-config', labels: { 'example.com/preview': 'pr-1234' } },
      data: { key: '1234', formation: 'preview-1234', x: '1' },
    });
  });

  it('of a branch has a slug, also where the branch is called like a number', async () => {
    const [one, other] = await Promise.all(
      [{ text: 'login' }, { branch: '1234' }].map(what => renderedFor(what, values('"*.*.x": 1'))),
    );
    expect(one?.destinations[0]?.rendered.formation).toBe('preview-login');
    expect(other?.destinations[0]?.rendered.formation).toMatch(/^preview-1234-[0-9a-f]{5}$/);
  });

  it('has no promotion, no waves and no block, whatever it extends', async () => {
    const repository = spawn(await read(), numbered, []);
    const spec = repository.formations.get('preview-1234')?.spec ?? {};
    expect(Object.keys(spec)).not.toEqual(expect.arrayContaining(['promoted-from']));
    for (const field of ['spawn', 'waves', 'soak', 'strategy', 'allow'])
      expect(spec).not.toHaveProperty(field);
    expect(repository.spawned?.get('preview-1234')).toMatchObject({ from: 'preview', key: '1234' });
  });

  it.each<[string, string, string]>([
    ['its own', '"*.preview-1234.x": own\n"*.preview.x": all\n"*.production.x": base', 'own'],
    ['that of all instances', '"*.preview-99.x": other\n"*.preview.x": all\n"*.production.x": base', 'all'],
    ['that of what it extends', '"*.production.x": base\n"*.*.x": any', 'base'],
  ])('has a value: %s', async (_title, lines, value) => {
    const { destinations } = await renderedFor(numbered, values(lines));
    expect(destinations[0]?.objects[0]?.object['data']).toMatchObject({ x: value });
  });

  it.each([
    ['of a destination that there is not', '"eu.preview-1234.x": 1', /address-unknown.*"eu" in the address/],
    ['with a key that is not one', '"*.preview-A.x": 1', /address-unknown.*"preview-A".*is not a formation/],
  ])('has no address %s', async (_title, lines, sentence) => {
    expect((await problemsOf(() => read({ 'config/a.yaml': config(lines) }))).join('\n')).toMatch(sentence);
  });
});

describe('a secret of an instance', () => {
  const stencil = secret('stringData:\n  password: "${secret.database.password}"');
  const reference = '{from: vault, path: kv/shop, key: password}';
  const withSecrets = (lines: string, values = ''): Files => ({
    'stencils/secret.yaml': stencil,
    'config/a.yaml': config(values, lines),
  });

  it.each([
    ['for all', `"*.*.database.password": ${reference}`],
    ['for all of a destination', `"dev.*.database.password": ${reference}`],
    ['for what it extends', `"*.production.database.password": ${reference}`],
    ['for another instance', `"*.preview-99.database.password": ${reference}`],
  ])('is not one that is written %s', async (_title, lines) => {
    const extra = lines.startsWith('"dev.*') ? '' : `\n"*.staging.database.password": ${reference}`;
    expect(await problemsOf(() => renderedFor(numbered, withSecrets(lines + extra)))).toEqual([
      expect.stringMatching(
        /^word-unvalued stencils\/secret\.yaml:6:14: "secret\.database\.password" has no secret reference for dev\.preview-1234 \(tried dev\.preview-1234\.database\.password, dev\.preview\.database\.password, \*\.preview-1234\.[^)]*\); add \*\.preview\.database\.password to spec\.secrets, since an instance of "preview" takes over no secret$/,
      ),
    ]);
  });

  it.each([
    ['all instances', `"*.preview.database.password": ${reference}`],
    ['this instance', `"*.preview-1234.database.password": ${reference}`],
    ['all words of all instances', `"*.preview.*.password": ${reference}`],
  ])('is the one that is written for %s', async (_title, lines) => {
    const { destinations } = await renderedFor(numbered, withSecrets(lines));
    expect(destinations[0]?.rendered.seals).toMatchObject([{ word: 'database.password' }]);
  });

  it.each([
    ['literally', `"*.preview.database.password": ${reference}`],
    ['with a wildcard', `"*.preview.*.password": ${reference}`],
  ])('is not mixed with a value of another formation, written %s', async (_title, lines) => {
    const mixed = withSecrets(lines, '"*.production.database.host": db.production');
    const [problem, ...others] = await problemsOf(() => renderedFor(numbered, mixed));
    expect(others).toEqual([]);
    expect(problem).toMatch(
      /^spawn-mixed config\/a\.yaml:5:5: an instance of "preview" would use the value "\*\.production\.database\.host" with its own secret .*; add the value "\*\.preview\.database\.host", or rename one of them$/,
    );
    const own = `"*.preview.database.host": db.preview\n"*.production.database.host": db.production`;
    await expect(renderedFor(numbered, withSecrets(lines, own))).resolves.toBeDefined();
  });

  it('is of no concern to formations that are not spawned', async () => {
    const repository = spawn(await read(withSecrets(`"*.*.database.password": ${reference}`)), numbered, []);
    const targets = selectTargets(repository, ['staging'], []);
    expect((await renderAll(repository, { targets })).destinations).toHaveLength(1);
  });
});

describe('what is refused in one sentence', () => {
  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a key that leads elsewhere',
      async () => spawn(await read(), { text: '../x' }, []),
      /^spawn-key-invalid: the input "spawn" is "\.\.\/x", which is neither/,
    ],
    ['a key with a space', async () => spawn(await read(), { text: 'PR 12' }, []), /^spawn-key-invalid/],
    [
      'a formation that is not spawned',
      async () => spawn(await read(), numbered, ['staging']),
      /^spawn-unknown: .*"staging" has no spawn block; set formation to one of "preview"/,
    ],
    [
      'a formation that there is not',
      async () => spawn(await read(), numbered, ['previw']),
      /^spawn-unknown: .*did you mean "preview"\?/,
    ],
    [
      'no formation that is spawned',
      async () => spawn(await readRepositoryFrom(inMemory(shopFiles), 'slipway.yaml'), numbered, []),
      /^spawn-unknown: the input "spawn" is set, and no formation has a spawn block/,
    ],
    [
      'several formations that are',
      async () =>
        spawn(
          await read({
            'formations/demo.yaml': preview
              .replace('name: preview', 'name: demo')
              .replace('name-prefix: pr-', 'name-prefix: demo-'),
          }),
          numbered,
          [],
        ),
      /^spawn-unknown: .*which of the formations "demo", "preview"; set/,
    ],
    [
      'a file with the name of an instance',
      () =>
        read({
          'formations/preview-1234.yaml': (shopFiles['formations/staging.yaml'] ?? '').replace(
            'name: staging',
            'name: preview-1234',
          ),
        }),
      /^spawn-name-taken formations\/preview-1234\.yaml:4:18: .*; rename it, so that it does not begin with "preview-"/,
    ],
    [
      'the registry of the application',
      () => read({ 'formations/preview.yaml': preview.replace('shop-preview\n', 'shop\n') }),
      /^spawn-registry-shared formations\/preview\.yaml:14:15: instances of "preview" would push to/,
    ],
    [
      'the key in a stencil of all formations',
      async () =>
        renderAll(await read({ 'stencils/config.yaml': configMap('x: "${spawn}"') }), {
          targets: [{ formation: 'staging', destination: 'main' }],
        }),
      /^spawn-word-unvalued stencils\/config\.yaml:6:7: "spawn" has no value in the formation "staging", which is not spawned/,
    ],
  ])('%s', async (_title, work, sentence) => {
    const problems = await problemsOf(work);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
  });
});

describe('two spawned formations', () => {
  const other = (from: string, to: string): Files => ({
    'formations/demo.yaml': preview.replace('name: preview', 'name: demo').replace(from, to),
  });
  const created = preview
    .replace(/ {2}name-prefix: .*\n {2}labels: .*\n/, '')
    .replace('form: shared', 'form: create\n    tenant: tenant')
    .replace('{namespace: shop-previews', '{namespace: "shop-pr-${spawn}"');
  const both = (namespace: string): Files => ({
    'formations/preview.yaml': created,
    'formations/demo.yaml': created
      .replace('name: preview', 'name: demo')
      .replace('shop-pr-${spawn}', namespace),
  });
  const warned = async (changes: Files): Promise<string[]> =>
    containedPrefixes((await read(changes)).spawning).map(({ code, message }) => `${code}: ${message}`);

  it.each<[string, Files, RegExp]>([
    ['namespaces', both('shop-pr-${spawn}'), /^spawn-prefix-shared .*"shop-pr-" for both; give one/],
    ['names in one namespace', other('never', ''), /^spawn-prefix-shared .* name-prefix in one namespace/],
  ])('may not have the same %s', async (_title, changes, sentence) => {
    expect(await problemsOf(() => read(changes))).toEqual([expect.stringMatching(sentence)]);
  });

  it('are warned of beginnings that contain each other', async () => {
    expect(await warned(both('shop-${spawn}'))).toEqual([
      'spawn-prefix-within: instances of "demo" and of "preview" may have the same namespace, since "shop-" and "shop-pr-" begin alike',
    ]);
    expect(await warned(both('shop-demo-${spawn}'))).toEqual([]);
    expect(await warned(other('pr-${spawn}-', 'demo-${spawn}-'))).toEqual([]);
    expect(await warned(other('shop-previews', 'shop-demos'))).toEqual([]);
  });
});

describe('an instance with a namespace of its own', () => {
  const own = preview
    .replace(/ {2}name-prefix: .*\n {2}labels: .*\n/, '')
    .replace('form: shared', 'form: create\n    tenant: tenant')
    .replace('{namespace: shop-previews', '{namespace: "shop-pr-${spawn}"');
  const withBlock = (more: string): Files => ({
    'formations/preview.yaml': own.replace('    expires:', `${more}\n    expires:`),
  });

  it('is rendered for that namespace, and its objects have their names', async () => {
    const { destinations } = await renderedFor(numbered, { 'formations/preview.yaml': own });
    expect(destinations.map(({ rendered }) => rendered.namespace)).toEqual(['shop-pr-1234']);
    const names = destinations.flatMap(({ objects }) => objects.map(({ object }) => object.metadata.name));
    expect(names.filter(name => name.startsWith('pr-'))).toEqual([]);
    expect(names.length).toBeGreaterThan(0);
  });

  it.each([
    [
      '    quota: { pods: "60" }',
      'the quota of "pods" is 60, and an instance has 30 at most; write less, or leave it out',
    ],
    [
      '    quota: { requests.memory: 9000Mi }',
      'the quota of "requests.memory" is 9000Mi, and an instance has 8Gi at most; write less, or leave it out',
    ],
    [
      '    quota: { pods: "0" }',
      'no pod fits into the quota of "pods": a container that asks for nothing has 1, and the quota is 0; raise the quota, or lower spec.spawn.defaults',
    ],
    [
      '    quota: { requests.cpu: 10m }',
      'no pod fits into the quota of "requests.cpu": a container that asks for nothing has 50m, and the quota is 10m; raise the quota, or lower spec.spawn.defaults',
    ],
    [
      '    defaults: { limits: { memory: 16Gi } }',
      'no pod fits into the quota of "limits.memory": a container that asks for nothing has 16Gi, and the quota is 12Gi; raise the quota, or lower spec.spawn.defaults',
    ],
    [
      '    defaults: { requests: { memory: 512Mi }, limits: { memory: 128Mi } }',
      'a container that asks for nothing would request 512Mi of "memory", and its limit is 128Mi; lower spec.spawn.defaults.requests, or raise spec.spawn.defaults.limits',
    ],
    [
      '    defaults: { requests: { memory: 512Mi } }',
      'a container that asks for nothing would request 512Mi of "memory", and its limit is 256Mi; lower spec.spawn.defaults.requests, or raise spec.spawn.defaults.limits',
    ],
    [
      '    defaults: { limits: { cpu: 20m } }',
      'a container that asks for nothing would request 50m of "cpu", and its limit is 20m; lower spec.spawn.defaults.requests, or raise spec.spawn.defaults.limits',
    ],
    [
      '    defaults: { requests: { cpu: "0" } }',
      '"cpu" in the requests of spec.spawn.defaults is 0, and a container has 1m at least; write more, or leave it out',
    ],
    [
      '    defaults: { limits: { ephemeral-storage: "0" } }',
      '"ephemeral-storage" in the limits of spec.spawn.defaults is 0, and a container has 1Mi at least; write more, or leave it out',
    ],
  ])('is refused with %s', async (block, expected) => {
    const [problem = '', ...others] = await problemsOf(() => read(withBlock(block)));
    expect(others).toEqual([]);
    expect(problem.replace(/:\d+:\d+/, '')).toBe(`spawn-quota-invalid formations/preview.yaml: ${expected}`);
  });

  it.each(['pods: "2.5"', 'count/secrets: 10k', 'pods: 500m'])('counts no parts: %s', async line => {
    const [problem = '', ...others] = await problemsOf(() => read(withBlock(`    quota: { ${line} }`)));
    expect([others, problem]).toEqual([
      [],
      expect.stringContaining('a whole number in quotes, such as "20"'),
    ]);
  });

  it('may have less than is shipped', async () => {
    const repository = await read(withBlock('    quota: { pods: "3", requests.cpu: 100m }'));
    expect(repository.spawning.get('preview')?.formation.spec.spawn?.quota).toEqual({
      pods: '3',
      'requests.cpu': '100m',
    });
  });
});
