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
    ['the form that is not there', {}, { form: 'create' }, /form".*shared/],
    ['what the form does not have', {}, { quota: { cpu: '1' } }, /unknown field "quota"/],
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
