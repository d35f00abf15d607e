import { expect, it } from '@jest/globals';
import { parsePack, type Release } from '@slipway/core';
import { recordedRules, recordRules } from '../src/rules/rules.ts';

const recorded = (...packs: string[]) => recordRules({ documents: [], packs: packs.map(parsePack) });

it('packs of the level error are recorded by their names alone, so that no record changes', () => {
  expect(JSON.stringify(recorded('workloads', 'pod-security/restricted: error'))).toBe(
    '{"packs":["workloads","pod-security/restricted"],"documents":[]}',
  );
});

it('a release is judged again by the levels that it was deployed with', () => {
  const policies = recorded('workloads: warn', 'references: new', 'pod-security/baseline');
  expect(policies?.packs).toEqual(['workloads: warn', 'references: new', 'pod-security/baseline']);
  expect(recordedRules({ policies } as Release).packs).toEqual([
    { pack: 'workloads', level: 'warn' },
    { pack: 'references', level: 'new' },
    { pack: 'pod-security/baseline', level: 'error' },
  ]);
});
