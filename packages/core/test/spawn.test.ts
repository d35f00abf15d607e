import { describe, expect, it } from '@jest/globals';
import { isHostWithin, type JsonObject, parseFormation } from '@slipway/core';
import { thrownBy } from '@slipway/testkit/errors';
import { documentOf } from './document-of.ts';

const spawn = {
  form: 'shared',
  expires: '48h',
  'at-most': 8,
  hosts: ['preview.acme.io'],
  url: 'https://pr-${spawn}.preview.acme.io',
  registry: 'ghcr.io/acme/shop-preview',
};
const spec = {
  'name-prefix': 'pr-${spawn}-',
  labels: { 'example.com/preview': 'pr-${spawn}' },
  destinations: { dev: { namespace: 'shop-previews' } },
};

function read(changes: object = {}, spawnChanges: object = {}, name = 'preview') {
  const value = {
    apiVersion: 'slipway.dev/v1',
    kind: 'Formation',
    metadata: { name },
    spec: { ...spec, spawn: { ...spawn, ...spawnChanges }, ...changes },
  } as unknown as JsonObject;
  return parseFormation(documentOf(value, `formations/${name}.yaml`));
}

const problemsOf = (...given: Parameters<typeof read>): string[] =>
  thrownBy(() => read(...given)).problems.map(({ message, remedy }) => `${message}; ${remedy}`);

describe('a spawned formation', () => {
  it('is read as it is', () => {
    expect(read().spec.spawn).toEqual(spawn);
    expect(read({}, { expires: '168h' }).spec.spawn?.expires).toBe('168h');
  });

  it.each<[string, object, object, RegExp]>([
    [
      'an end that never comes',
      {},
      { expires: 'never' },
      /expires".*"never"; expected: a duration such as 48h/,
    ],
    [
      'more than seven days',
      {},
      { expires: '168h1s' },
      /"168h1s", and an instance stays for more than 0s and at most 168h; write/,
    ],
    ['no time at all', {}, { expires: '0s' }, /"0s", and an instance stays for more than 0s/],
    ['no instances', {}, { 'at-most': 0 }, /at-most".*1/],
    ['a number in quotes', {}, { 'at-most': '8' }, /at-most"/],
    ['no hosts', {}, { hosts: undefined }, /"hosts" is missing|hosts/],
    ['an empty list of hosts', {}, { hosts: [] }, /hosts"/],
    ['a host with a wildcard', {}, { hosts: ['*.acme.io'] }, /a DNS name such as preview\.acme\.io/],
    [
      'an address without the key',
      {},
      { url: 'https://preview.acme.io' },
      /does not contain \$\{spawn\}, so all instances would have one address/,
    ],
    [
      'an address elsewhere',
      {},
      { url: 'https://${spawn}.preview.acme.io.example' },
      /is not at one of "spec\.spawn\.hosts"/,
    ],
    [
      'an address whose host only looks alike',
      {},
      { url: 'https://${spawn}-preview.acme.io' },
      /is not at one of/,
    ],
    ['a form that is not there', {}, { form: 'pool' }, /form".*shared/],
    ['what the form does not have', {}, { pool: '1' }, /unknown field "pool"/],
    [
      'no prefix of names',
      { 'name-prefix': undefined },
      {},
      /"spec\.name-prefix" without \$\{spawn\} does not keep apart the names of objects; write/,
    ],
    ['a prefix without the key', { 'name-prefix': 'pr-' }, {}, /"spec\.name-prefix" without/],
    [
      'no labels',
      { labels: undefined },
      {},
      /"spec\.labels" without \$\{spawn\} does not keep apart the pods/,
    ],
    ['labels without the key', { labels: { team: 'shop' } }, {}, /"spec\.labels" without/],
    [
      'a promotion',
      { 'promoted-from': 'staging' },
      {},
      /a spawned formation has no "promoted-from"; remove promoted-from or spawn/,
    ],
    ['a time to wait', { soak: '2h', 'promoted-from': 'staging' }, {}, /has no "soak"/],
    ['waves', { waves: [['dev']] }, {}, /has no "waves"/],
    ['what is outside of its namespace', { allow: { namespaces: ['other'] } }, {}, /has no "allow"/],
    ['steps', { strategy: 'none' }, {}, /has no "strategy"/],
  ])('with %s is refused in one sentence', (_title, changes, spawnChanges, sentence) => {
    expect(problemsOf(changes, spawnChanges).join('\n')).toMatch(sentence);
  });

  it('with a name that leaves no room for a key is refused', () => {
    expect(problemsOf({}, {}, 'a-formation-with-a-long-name')).toEqual([
      expect.stringMatching(
        /at most 27 characters, since each instance adds its key, and this one has 28; shorten/,
      ),
    ]);
  });

  it('tells all that is wrong at once', () => {
    expect(problemsOf({ waves: [['dev']], labels: {} }, { expires: '169h' })).toHaveLength(3);
  });
});

describe('a host', () => {
  it.each<[string, boolean]>([
    ['preview.acme.io', true],
    ['pr-1.preview.acme.io', true],
    ['pr-1-preview.acme.io', false],
    ['acme.io', false],
    ['preview.acme.io.example', false],
  ])('%s is within preview.acme.io or not', (host, within) => {
    expect(isHostWithin(host, 'preview.acme.io')).toBe(within);
  });
});

describe('a spawned formation of the form create', () => {
  const create = { form: 'create', tenant: 'system:serviceaccount:slipway-rooms:tenant' };
  const own = {
    ...{ 'name-prefix': undefined, labels: undefined },
    destinations: { dev: { namespace: 'shop-pr-${spawn}' } },
  };
  const quota = { pods: '10', 'requests.cpu': '500m', 'limits.memory': '1.5Gi' };

  it('is read as it is', () => {
    const more = {
      quota,
      defaults: { requests: { cpu: '10m' } },
      network: { from: ['gateway-system'], to: [] },
    };
    expect(read(own, { ...create, ...more }).spec).toMatchObject({
      spawn: { ...create, ...more },
      destinations: { dev: { namespace: 'shop-pr-${spawn}' } },
    });
  });

  it.each<[string, object, object, RegExp]>([
    [
      'no word in the namespace',
      { destinations: { dev: { namespace: 'shop' } } },
      {},
      /"shop" does not contain \$\{spawn\}; write/,
    ],
    [
      'a prefix of names',
      { 'name-prefix': 'pr-${spawn}-' },
      {},
      /"spec.name-prefix" would only make names longer; remove/,
    ],
    ['no tenant', {}, { tenant: undefined }, /"spec.spawn.tenant" is missing/],
    ['a tenant with a line', {}, { tenant: 'a\nb' }, /tenant"/],
    ['no fence', {}, { fence: 'none', 'fence-reason': 'x' }, /"spec.spawn.fence" is of the form "shared"/],
    [
      'a quota that is not a quantity',
      {},
      { quota: { 'requests.cpu': 'lots' } },
      /requests.cpu".*"lots"; expected: a quantity such as/,
    ],
    ['a quota of something else', {}, { quota: { cpu: '4' } }, /cpu/],
    ['a quota that is a number', {}, { quota: { pods: 30 } }, /pods"/],
    ['a default of something else', {}, { defaults: { requests: { gpu: '1' } } }, /gpu/],
    ['an address in place of a namespace', {}, { network: { to: ['10.0.0.0/8'] } }, /network.*to/],
    [
      'the word at the beginning',
      { destinations: { dev: { namespace: '${spawn}-shop' } } },
      {},
      /namespace".*such as shop-pr/,
    ],
    ['the word twice', { destinations: { dev: { namespace: 'a-${spawn}-${spawn}' } } }, {}, /namespace"/],
    [
      'a long beginning',
      { destinations: { dev: { namespace: `${'a'.repeat(43)}-\${spawn}` } } },
      {},
      /at most 43 characters/,
    ],
    ['a strategy', { strategy: 'none' }, {}, /a spawned formation has no "strategy"/],
    ['no hosts', {}, { hosts: undefined }, /hosts/],
  ])('is refused with %s', (_title, changes, spawnChanges, expected) => {
    const problems = problemsOf({ ...own, ...changes }, { ...create, ...spawnChanges });
    expect(problems).toContainEqual(expect.stringMatching(expected));
  });

  it.each<[string, object, object, RegExp]>([
    [
      'tenant',
      {},
      { tenant: 'x' },
      /"spec.spawn.tenant" is of the form "create", and this formation has "shared"/,
    ],
    ['quota', {}, { quota }, /"spec.spawn.quota" is of the form "create"/],
    ['defaults', {}, { defaults: {} }, /"spec.spawn.defaults" is of the form "create"/],
    ['network', {}, { network: {} }, /"spec.spawn.network" is of the form "create"/],
    ['namespaces with the word', own, {}, /instances of the form "shared" are in one that exists/],
  ])('alone has %s', (_title, changes, spawnChanges, expected) => {
    expect(problemsOf(changes, spawnChanges)).toContainEqual(expect.stringMatching(expected));
  });

  it('alone has the word in a namespace, which would stay in one that is not spawned', () => {
    const destinations = { dev: { namespace: 'shop-pr-${spawn}' } };
    expect(problemsOf({ spawn: undefined, destinations })).toEqual([
      expect.stringMatching(/^the namespace contains \$\{spawn\}, and the formation has no spawn block/),
    ]);
  });

  it('names the position of each problem', () => {
    const { problems } = thrownBy(() =>
      read({ ...own, destinations: { dev: { namespace: 'shop' } } }, create),
    );
    expect(problems[0]?.at?.path).toBe('formations/preview.yaml#/spec/destinations/dev/namespace');
  });
});
