import { describe, expect, it } from '@jest/globals';
import {
  configSchema,
  type JsonValue,
  parseApplication,
  parseConfig,
  parseFormation,
  parseSnapshot,
} from '@slipway/core';
import { thrownBy } from '@slipway/testkit/errors';
import { documentOf } from './document-of.ts';

const application = {
  apiVersion: 'slipway.dev/v1',
  kind: 'Application',
  metadata: { name: 'shop' },
  spec: {
    registry: 'ghcr.io/acme/shop',
    services: {
      api: { build: { context: 'services/api' } },
      cache: { image: 'docker.io/library/redis:7.4' },
    },
  },
};

const formation = {
  apiVersion: 'slipway.dev/v1',
  kind: 'Formation',
  metadata: { name: 'production' },
  spec: {
    destinations: { eu: { namespace: 'shop', context: 'eu' }, us: { namespace: 'shop', context: 'us' } },
    waves: [['eu'], ['us']],
  },
};

const withSpec = (document: { spec: object }, spec: object): JsonValue =>
  ({ ...document, spec: { ...document.spec, ...spec } }) as unknown as JsonValue;

describe('an application', () => {
  it('is read as it is', () => {
    expect(parseApplication(documentOf(application))).toEqual(application);
  });

  const wrong: Record<string, { spec: object; at: string; says: RegExp; code: string }> = {
    'a misspelt field names the right one': {
      spec: { registri: 'x' },
      at: 'slipway.yaml#key:/spec/registri',
      says: /unknown field "registri"; did you mean "registry"\?/,
      code: 'format-unknown-field',
    },
    'a service that is built and ready-made at once': {
      spec: { services: { api: { build: { context: 'a' }, image: 'b' } } },
      at: 'slipway.yaml#/spec/services/api',
      says: /must have at most 1 field/,
      code: 'format-invalid',
    },
    'a context outside of the repository': {
      spec: { services: { api: { build: { context: '/other' } } } },
      at: 'slipway.yaml#/spec/services/api/build/context',
      says: /"\/other"; expected: .*relative/i,
      code: 'format-invalid',
    },
    'a dependency on a service that is not there': {
      spec: { services: { base: { image: 'b' }, api: { build: { context: 'a', 'depends-on': ['bse'] } } } },
      at: 'slipway.yaml#/spec/services/api/build/depends-on/0',
      says: /there is no service "bse"; did you mean "base"\?/,
      code: 'format-invalid',
    },
    'a service that is needed twice': {
      spec: {
        services: { base: { image: 'b' }, api: { build: { context: 'a', 'depends-on': ['base', 'base'] } } },
      },
      at: 'slipway.yaml#/spec/services/api/build/depends-on',
      says: /depends-on" has "base" twice; remove one of the two$/,
      code: 'format-invalid',
    },
    'services that need each other': {
      spec: {
        services: {
          api: { build: { context: 'a', 'depends-on': ['web'] } },
          web: { build: { context: 'b', 'depends-on': ['lib'] } },
          lib: { build: { context: 'c', 'depends-on': ['api'] } },
        },
      },
      at: 'slipway.yaml#/spec/services/api/build/depends-on/0',
      says: /"api" needs "web" needs "lib" needs "api": none of them can be built first; remove/,
      code: 'format-invalid',
    },
    'a service that needs itself': {
      spec: { services: { api: { build: { context: 'a', 'depends-on': ['api'] } } } },
      at: 'slipway.yaml#/spec/services/api/build/depends-on/0',
      says: /"api" needs "api"/,
      code: 'format-invalid',
    },
    'a name that is a service and a context': {
      spec: {
        services: {
          lib: { image: 'b' },
          api: { build: { context: 'a', contexts: { lib: 'c' }, 'depends-on': ['lib'] } },
        },
      },
      at: 'slipway.yaml#/spec/services/api/build/depends-on/0',
      says: /"lib" is a service and one of the contexts/,
      code: 'format-invalid',
    },
    'a registry in upper case': {
      spec: { registry: 'ghcr.io/Acme/shop' },
      at: 'slipway.yaml#/spec/registry',
      says: /expected: .*lower case/,
      code: 'format-invalid',
    },
    'a service name that is not a DNS label': {
      spec: { services: { 'API!': { image: 'a' } } },
      at: 'slipway.yaml#key:/spec/services/API!',
      says: /"API!".*DNS label/,
      code: 'format-invalid',
    },
    'a service called snapshots': {
      spec: { services: { snapshots: { image: 'a' } } },
      at: 'slipway.yaml#key:/spec/services/snapshots',
      says: /repository of the snapshots/,
      code: 'format-invalid',
    },
    'a number where text belongs': {
      spec: { services: { api: { image: 7.4 } } },
      at: 'slipway.yaml#/spec/services/api/image',
      says: /must be text; put it in quotes/,
      code: 'format-invalid',
    },
  };
  it.each(Object.entries(wrong))('refuses %s', (_name, { spec, at, says, code }) => {
    const error = thrownBy(() => parseApplication(documentOf(withSpec(application, spec))));
    expect(error.code).toBe(code);
    expect(error.problems.map(problem => problem.at?.path)).toContain(at);
    expect(error.message).toMatch(says);
  });

  it.each([
    ['a list', []],
    ['text', 'shop'],
    ['nothing', null],
  ])('that is %s is refused in words', (_name, value) => {
    const error = thrownBy(() => parseApplication(documentOf(value)));
    expect(error.message).toMatch(/the file must be a map; see its schema/);
  });

  it('reports an invalid name once', () => {
    const error = thrownBy(() =>
      parseApplication(documentOf(withSpec(application, { services: { '..': { image: 'a' } } }))),
    );
    expect(error.problems).toHaveLength(1);
    expect(error.message).toMatch(
      /"\.\." is not a name for an entry of "spec.services"; expected: a DNS label/,
    );
  });

  it('tells all that is wrong, not the first thing only', () => {
    const error = thrownBy(() =>
      parseApplication(documentOf(withSpec(application, { registri: 'x', services: { api: { bild: {} } } }))),
    );
    expect(error.problems.map(problem => problem.at?.path)).toEqual(
      expect.arrayContaining(['slipway.yaml#key:/spec/registri', 'slipway.yaml#key:/spec/services/api/bild']),
    );
  });
});

describe('a formation', () => {
  const path = 'formations/production.yaml';

  it('is read as it is', () => {
    expect(parseFormation(documentOf(formation, path))).toEqual(formation);
  });

  it('is refused in a file of another name', () => {
    const error = thrownBy(() => parseFormation(documentOf(formation, 'formations/staging.yaml')));
    expect(error.code).toBe('format-name-mismatch');
    expect(error.message).toMatch(/calls itself "production"; set metadata.name to "staging"/);
  });

  const wrong: Record<string, { spec: object; says: RegExp }> = {
    'a wave with an unknown destination': {
      spec: { waves: [['eu'], ['us', 'uss']] },
      says: /no destination "uss" in this formation; did you mean "us"\?/,
    },
    'a destination that is in two waves': {
      spec: { waves: [['eu'], ['us', 'eu']] },
      says: /"eu" is in the waves twice/,
    },
    'waves that leave a destination out': { spec: { waves: [['eu']] }, says: /leave out "us"/ },
    'two destinations in one namespace of one cluster': {
      spec: { destinations: { eu: { namespace: 'shop' }, us: { namespace: 'shop' } } },
      says: /"eu" and "us" are one namespace of one cluster/,
    },
    'a version of Kubernetes that YAML read as a number': {
      spec: { kubernetes: 1.34 },
      says: /must be text; put it in quotes/,
    },
    'a duration without unit': {
      spec: { verify: { 'stable-for': '30' } },
      says: /"30"; expected: a duration such as 30s/,
    },
    'a pack with a level that does not exist': {
      spec: { policies: { packs: ['references', { workloads: 'wran' }] } },
      says: /"spec\.policies\.packs\.1\.workloads" must be one of error, new, warn; did you mean "warn"\?/,
    },
    'the same in a text': {
      spec: { policies: { packs: ['workloads: nwe'] } },
      says: /packs\/0:1:1: the pack "workloads" has the level "nwe", which does not exist; did you mean "new"\?/,
    },
    'two packs in one item': {
      spec: { policies: { packs: [{ workloads: 'warn', references: 'new' }] } },
      says: /"spec\.policies\.packs\.0" must have at most 1 field; expected: a pack, or one pack with its level/,
    },
    'a pack that is a number': {
      spec: { policies: { packs: [3] } },
      says: /"spec\.policies\.packs\.0" must be text or a map/,
    },
    'an unknown way to react': {
      spec: { verify: { 'on-failure': 'rolback' } },
      says: /did you mean "rollback"\?/,
    },
  };
  it.each(Object.entries(wrong))('refuses %s', (_name, { spec, says }) => {
    expect(thrownBy(() => parseFormation(documentOf(withSpec(formation, spec), path))).message).toMatch(says);
  });
});

/** As messages list them: the stores of the schema, of which a new one adds itself. */
const STORES = configSchema.properties.spec.properties.secrets.additionalProperties.oneOf
  .map(({ properties }) => properties.from.const)
  .join(', ');

describe('a config', () => {
  const config = (spec: object): JsonValue =>
    ({ apiVersion: 'slipway.dev/v1', kind: 'Config', spec }) as unknown as JsonValue;

  it('takes values of any type and references to secrets', () => {
    const spec = {
      values: { '*.*': { port: 5432 } },
      secrets: {
        '*.*.password': { from: 'env', name: 'PASSWORD', as: 'url' },
        '*.*.key': {
          from: 'sops',
          file: 'secrets/shop.yaml',
          key: ['tls', 'tls.key'],
          'on-rollback': 'kept',
        },
        '*.*.licence': { from: 'sops', file: 'secrets/licence' },
        '*.*.token': {
          from: 'vault',
          path: 'kv/shop/api',
          key: 'token',
          decode: 'base64',
          'on-rollback': 'current',
        },
      },
    };
    expect(parseConfig(documentOf(config(spec))).spec).toEqual(spec);
  });

  it.each([
    ['without its store', { path: 'kv/a', key: 'b' }, new RegExp(`lacks "from"; add it: one of ${STORES}$`)],
    [
      'of an unknown store',
      { from: 'vualt' },
      new RegExp(`must be one of ${STORES}; did you mean "vault"\\?$`),
    ],
    [
      'with a field of another store',
      { from: 'vault', path: 'kv/a', key: 'b', name: 'C' },
      /unknown field "name"; known here: from, path, key, as, decode, on-rollback$/,
    ],
    [
      'with an unknown word for a rollback',
      { from: 'env', name: 'A', 'on-rollback': 'curent' },
      /on-rollback" must be one of kept, current; did you mean "current"\?$/,
    ],
    [
      'above its mount',
      { from: 'vault', path: 'kv/../sys/raw', key: 'b' },
      /is "kv\/\.\.\/sys\/raw"; expected: /,
    ],
    ['with an encoded slash', { from: 'vault', path: 'kv/a%2fb', key: 'b' }, /is "kv\/a%2fb"; expected: /],
    ['with an empty segment', { from: 'vault', path: 'kv//b', key: 'b' }, /is "kv\/\/b"; expected: /],
    ['outside of the repository', { from: 'sops', file: '../a.yaml' }, /is "\.\.\/a\.yaml"; expected: /],
  ])('refuses a secret %s', (_name, secret, message) => {
    const error = thrownBy(() => parseConfig(documentOf(config({ secrets: { '*.*.password': secret } }))));
    expect(error.problems).toHaveLength(1);
    expect(error.message).toMatch(message);
  });

  it('refuses a secret that is in it as text', () => {
    const error = thrownBy(() => parseConfig(documentOf(config({ secrets: { '*.*.password': 'hunter2' } }))));
    expect(error.message).toMatch(/must be a map/);
    expect(error.message).not.toContain('hunter2');
  });
});

describe('a snapshot', () => {
  it('that is not JSON is refused by name', () => {
    expect(thrownBy(() => parseSnapshot('{', 'snapshot.json')).code).toBe('format-not-json');
  });
});
