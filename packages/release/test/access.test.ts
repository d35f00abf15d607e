import { expect, it } from '@jest/globals';
import type { Problem } from '@slipway/core';
import { requestFor } from '@slipway/testkit/releases';
import { type Access, accessTo, isBlind } from '../src/refusals/access.ts';
import type { Right } from '../src/refusals/rights.ts';

const client = { server: 'https://one.example:6443' };
const right = (resource: string, verb: string): Right => ({ group: '', resource, verb, namespace: 'shop' });
const missingNamespace: Problem = {
  code: 'namespace-missing',
  message: 'the namespace "shop" does not exist',
};
const noSecrets = [right('secrets', 'get')];

it.each<[string, string | undefined, Problem[], Right[], Omit<Access, 'problems'>, string[]]>([
  ['nothing is in the way', undefined, [], [], { level: 'full', missing: [] }, []],
  ['the server is the one meant', 'https://one.example:6443/', [], [], { level: 'full', missing: [] }, []],
  [
    'a right is missing',
    undefined,
    [],
    noSecrets,
    { level: 'reading', missing: noSecrets },
    ['rights-missing'],
  ],
  [
    'the server is another, whatever rights are missing there',
    'https://two.example:6443',
    [missingNamespace],
    noSecrets,
    { level: 'none', missing: [] },
    ['server-differs', 'namespace-missing'],
  ],
  [
    'the namespace does not exist',
    undefined,
    [missingNamespace],
    [],
    { level: 'none', missing: [] },
    ['namespace-missing'],
  ],
])(
  'the access to a cluster is decided where %s',
  (_case, server, namespaceProblems, lacking, level, codes) => {
    const { problems, ...access } = accessTo(client, requestFor('shop', [], { server }), {
      namespaceProblems,
      lacking,
    });
    expect(access).toEqual(level);
    expect(problems.map(({ code }) => code)).toEqual(codes);
  },
);

it.each<[string, Right[], boolean]>([
  ['Secrets can be read', [right('configmaps', 'get'), right('secrets', 'list')], false],
  ['Secrets cannot be read', noSecrets, true],
])('whether records can be read is known where %s', (_case, missing, expected) => {
  expect(isBlind({ missing })).toBe(expected);
});
