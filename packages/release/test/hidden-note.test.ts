import { expect, it } from '@jest/globals';
import { hiddenNote } from '../src/plan/hidden-note.ts';

it.each([
  [['Deployment api'], ': the pods of Deployment api restart if it changed'],
  [
    ['Deployment api', 'Job migrate-1a2b3c', 'StatefulSet db'],
    ': the pods of Deployment api, StatefulSet db restart, and Job migrate-1a2b3c runs again if it changed',
  ],
  [['Job migrate', 'Job seed'], ': Job migrate, Job seed run again if it changed'],
  [[], ''],
])('the plan of a Secret that was not opened says what another content means for %j', (users, effects) => {
  expect(hiddenNote({ users })).toBe(`content known at deploy${effects}`);
});
