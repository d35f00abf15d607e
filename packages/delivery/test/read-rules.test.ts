import { expect, it } from '@jest/globals';
import { formatPack, parsePack } from '@slipway/core';
import { readRules } from '../src/guard/policies.ts';

const NONE = { policies: [], waivers: [], crds: [] };

it.each([
  [['workloads: warn'], ['workloads'], ['workloads']],
  [['workloads'], ['workloads: warn'], ['workloads']],
  [['workloads: warn'], ['workloads: new', 'references'], ['workloads: new', 'references']],
])('a pack of the formation and of the input has the stricter level: %j and %j', async (own, added, both) => {
  const packs = added.map(text => parsePack(text));
  const desired = { policies: [], packs: own.map(text => parsePack(text)) };
  const rules = await readRules(desired, { ...NONE, packs }, '/');
  expect(rules.packs.map(formatPack)).toEqual(both);
});
