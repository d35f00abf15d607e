import { describe, expect, it } from '@jest/globals';
import { findSecretReference, renderAll, selectTargets } from '../src/index.ts';
import { config, configMap, problemsOf, rendered, shop, staging } from './support/shop.ts';

const eu = { formation: 'production', destination: 'eu' };
const us = { formation: 'production', destination: 'us' };

async function hostFor(values: string, target = eu): Promise<unknown> {
  const files = { 'stencils/config.yaml': configMap('v: ${config.host}'), 'config/a.yaml': config(values) };
  const { objects } = await rendered(files, target);
  return (objects[0]?.object['data'] as Record<string, unknown> | undefined)?.['v'];
}

describe('the address with the most literal segments wins', () => {
  it.each([
    ['a formation over everything', '"*.*.host": all\n"*.production.host": production', 'production'],
    [
      'a destination and formation over the formation',
      '"*.production.host": production\n"eu.production.host": eu',
      'eu',
    ],
    ['an address of another destination does not count', '"us.production.host": us\n"*.*.host": all', 'all'],
    ['an address of another formation does not count', '"*.staging.host": staging\n"*.*.host": all', 'all'],
    ['a wildcard in the word loses', '"*.*.*": any\n"*.*.host": host', 'host'],
    ['a wildcard in the word wins over nothing', '"*.production.*": any', 'any'],
    ['whatever the order in the file', '"eu.production.host": eu\n"*.*.host": all', 'eu'],
  ])('%s', async (_name, values, expected) => {
    expect(await hostFor(values)).toBe(expected);
  });

  it('per leaf, so that one leaf of a map can differ', async () => {
    const values = '"*.*":\n  host: {name: db, port: 1}\n"eu.production.host.port": 2';
    expect(await hostFor(values)).toEqual({ name: 'db', port: 2 });
    expect(await hostFor(values, us)).toEqual({ name: 'db', port: 1 });
  });

  it('keys of nested maps may contain dots and are taken as written', async () => {
    const values = '"*.*.host":\n  app.kubernetes.io/name: x\n  "yes": 1\n  no: 2\n';
    expect(await hostFor(values)).toEqual({ 'app.kubernetes.io/name': 'x', yes: 1, no: 2 });
  });
});

const values = (text: string) => ({
  'stencils/config.yaml': configMap('v: ${config.host}'),
  'config/a.yaml': config(text),
});

describe('a config is refused', () => {
  it.each([
    [
      'where two addresses match equally well',
      '"eu.*.host": 1\n"*.production.host": 2',
      'address-tie stencils/config.yaml:6:6: "config.host" for eu.production is matched equally well by "eu.*.host" (config/a.yaml:5:5) and "*.production.host" (config/a.yaml:6:5); write * for a segment of one, or a name for a segment of the other',
    ],
    [
      'where one address has two values',
      '"*.*.host": 1\n"*.*": {host: 2}',
      'address-duplicate config/a.yaml:6:13: the address "*.*.host" appears twice (first at config/a.yaml:5:5); remove one of them',
    ],
    [
      'where a word is a value and a map',
      '"*.*.host": 1\n"*.production.host.name": 2',
      'address-conflict stencils/config.yaml:6:6: "config.host" is a value at "*.*.host" (config/a.yaml:5:5) and a map of values at "*.production.host.name" (config/a.yaml:6:5); rename one of them',
    ],
    [
      'that misspells a formation',
      '"*.prodution.host": 1',
      'address-unknown config/a.yaml:5:5: "prodution" in the address "*.prodution.host" is not a formation; did you mean "production"?',
    ],
    [
      'that misspells a destination',
      '"eux.*.host": 1',
      'address-unknown config/a.yaml:5:5: "eux" in the address "eux.*.host" is not a destination of any formation; did you mean "eu"?',
    ],
    [
      'that gives a formation the destination of another',
      '"main.production.host": 1',
      'address-unknown config/a.yaml:5:5: "main" in the address "main.production.host" is not a destination of formation "production"; choose one of eu, us, or write * for all',
    ],
    [
      'with an address that is too short',
      '"*.production": 1',
      'address-malformed config/a.yaml:5:5: the address "*.production" is too short; write <destination>.<formation>.<word>…, such as "*.*.database.port"',
    ],
    [
      'with an invalid address',
      '"*.*.a b": 1',
      'address-malformed config/a.yaml:5:5: "*.*.a b" is not an address; write <destination>.<formation>.<word>… with letters, digits, _ and -, or * for any segment',
    ],
  ])('%s', async (_name, text, expected) => {
    expect(await problemsOf(() => rendered(values(text), eu))).toEqual([expected]);
  });

  it('where a word is a value and a secret', async () => {
    const both = config('"*.*.host": 1', '"*.production.host": {from: env, name: HOST}');
    expect(await problemsOf(() => shop({ 'config/a.yaml': both }))).toEqual([
      'address-conflict config/a.yaml:7:5: "*.production.host" is a secret here and a value at config/a.yaml:5:5; rename one of them',
    ]);
  });
});

describe('an entry that nothing uses', () => {
  const warningsOf = async (text: string, stencil: string): Promise<readonly string[]> => {
    const files = { 'stencils/config.yaml': configMap(stencil), 'config/a.yaml': config(text) };
    const { warnings } = await renderAll(await shop(files), { targets: [staging] });
    return warnings.map(({ message }) => message);
  };

  it.each([
    ['a value', '"*.*.a": 1\n"*.*.b": 2', 'v: ${config.a}', ['no stencil uses the value "*.*.b"']],
    ['nothing, if a map holds it', '"*.*.a": {b: 1, c: 2}', 'v: ${config.a}', []],
    [
      'a sibling of what is used',
      '"*.*.a": {b: 1, c: 2}',
      'v: ${config.a.b}',
      ['no stencil uses the value "*.*.a.c"'],
    ],
    [
      'nothing, if it is for a formation that is not rendered',
      '"*.*.a": 1\n"eu.production.a": 2',
      'v: ${config.a}',
      [],
    ],
    ['nothing, if a wildcard matches a word in use', '"*.*.a.*": 1', 'v: ${config.a.b}', []],
    [
      'a wildcard that matches no word',
      '"*.*.b.*": 1\n"*.*.a": 1',
      'v: ${config.a}',
      ['no stencil uses the value "*.*.b.*"'],
    ],
  ])('%s', async (_name, text, stencil, expected) => {
    expect(await warningsOf(text, stencil)).toEqual(expected);
  });

  it('one word without a value is one error for all targets that lack it', async () => {
    const repository = await shop({
      'stencils/config.yaml': configMap('a: ${config.host}'),
      'config/a.yaml': config('"eu.*.host": a'),
    });
    const targets = selectTargets(repository, [], []);
    expect(targets).toHaveLength(3);
    expect(await problemsOf(() => renderAll(repository, { targets }))).toEqual([
      'word-unvalued stencils/config.yaml:6:6: "config.host" has no value for us.production and main.staging (tried us.production.host, us.*.host, *.production.host, *.*.host, main.staging.host, main.*.host, *.staging.host); add one of these addresses to the config',
    ]);
  });

  it('a word of the input set is an error', async () => {
    const repository = await shop(values('"*.*.host": 1'));
    const request = { targets: [staging], set: { hsot: '1', other: '2' } };
    expect(await problemsOf(() => renderAll(repository, request))).toEqual([
      'set-invalid: no stencil uses the word "hsot" of input "set"; did you mean "host"?',
      'set-invalid: no stencil uses the word "other" of input "set"; choose one of host',
    ]);
  });
});

describe('findSecretReference', () => {
  const secrets =
    '"*.production.password": {from: env, name: A}\n"eu.*.password": {from: env, name: B}\n"*.*.token": {from: env, name: C}';

  it('returns the reference and its position', async () => {
    const repository = await shop({ 'config/a.yaml': config('', secrets) });
    expect(findSecretReference(repository, us, 'password')).toEqual({
      reference: { from: 'env', name: 'A' },
      address: '*.production.password',
      at: expect.objectContaining({ path: 'config/a.yaml', line: 5, column: 5 }),
    });
  });

  it('refuses a tie and a word without a reference', async () => {
    const repository = await shop({ 'config/a.yaml': config('', secrets) });
    expect(await problemsOf(() => findSecretReference(repository, eu, 'password'))).toEqual([
      expect.stringMatching(
        /^address-tie: the secret "password" is matched equally well by .*A?.*a\.yaml:5:5.*a\.yaml:6:5/,
      ),
    ]);
    expect(await problemsOf(() => findSecretReference(repository, staging, 'password'))).toEqual([
      'word-unvalued: the secret "password" has no reference for main.staging; add the address "main.staging.password" under spec.secrets of a config file',
    ]);
  });
});
