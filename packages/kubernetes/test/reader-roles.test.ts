import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { valueAt } from '@slipway/core';
import { parseDocuments } from '@slipway/yaml';
import { PLANNER, PLANNER_RULES, type RoleRule, VIEWER, VIEWER_RULES } from '../src/index.ts';

const ROLES = resolve(import.meta.dirname, '../../../examples/roles');

/** Each right on its own, however its rules are put together. */
function rightsOf(rules: readonly RoleRule[]): string[] {
  return rules
    .flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap(group =>
        resources.flatMap(resource => verbs.map(verb => `${verb} ${resource}.${group}`)),
      ),
    )
    .sort();
}

it.each([
  ['viewer', VIEWER, VIEWER_RULES],
  ['planner', PLANNER, PLANNER_RULES],
] as const)('the Role of the %s is the one that people read', (file, name, rules) => {
  const [role] = parseDocuments(readFileSync(join(ROLES, `${file}.yaml`), 'utf8'), file);
  expect(valueAt(role?.value ?? null, ['metadata', 'name'])).toBe(name);
  const written = valueAt(role?.value ?? null, ['rules']) as unknown as readonly RoleRule[];
  expect(rightsOf(rules)).toEqual(rightsOf(written));
});
