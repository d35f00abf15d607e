import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { fakeRunner, inputsOf } from '@slipway/github/testing';
import { readInputs } from '../src/inputs.ts';
import { namesOf } from '../src/names.ts';

const workspace = mkdtempSync(join(tmpdir(), 'names-'));
afterAll(() => rmSync(workspace, { recursive: true }));

describe('the names of applications', () => {
  it('are a problem where the base commit cannot be read, since their statuses may be those of others', async () => {
    const event = { pull_request: { base: { sha: 'b'.repeat(40) }, head: { sha: 'a'.repeat(40) } } };
    const runner = fakeRunner({
      workspace,
      context: { eventName: 'pull_request', sha: 'c'.repeat(40), event },
    });
    const parts = { openApi: undefined, approvals: undefined, clock: () => new Date() };
    const { applications } = await namesOf(inputsOf(readInputs, {}), runner, parts);
    expect(applications.map(({ problems }) => problems.map(({ code }) => code))).toEqual([
      ['base-unreadable'],
    ]);
  });
});
