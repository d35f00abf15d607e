import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@slipway/core';
import { isScheduledLook } from '@slipway/workflows';
import { load } from 'js-yaml';

const SCHEDULE = 'on: { schedule: [{ cron: "47 * * * *" }] }';
const calls = (uses: string, on = SCHEDULE): string => `${on}\njobs: { a: { uses: ${uses} } }\n`;
const step = (given: string): string => `${SCHEDULE}\njobs: { a: { steps: [{ ${given} }] } }\n`;

describe('a workflow that looks at open releases by itself', () => {
  it.each([
    ['calls progress.yml of the repository', calls('./.github/workflows/progress.yml')],
    ["calls an organisation's copy", calls('acme/flows/.github/workflows/shop-progress.yml@v1')],
    [
      'verifies whatever is open',
      step('uses: slipway-dev/slipway/actions/verify-rollout@v1, with: { release: open }'),
    ],
    [
      'verifies it if no other is named',
      step(`uses: x/verify-rollout@v1, with: { release: "\${{ inputs.release || 'open' }}" }`),
    ],
  ])('%s', (_what, text) => {
    expect(isScheduledLook(load(text) as JsonValue)).toBe(true);
  });

  it.each([
    ['has no schedule', calls('./.github/workflows/progress.yml', 'on: [workflow_dispatch]')],
    [
      'has a schedule in a comment only',
      `# ${SCHEDULE}\n${calls('./.github/workflows/progress.yml', 'on: push')}`,
    ],
    ['has an empty schedule', calls('./.github/workflows/progress.yml', 'on: { schedule: [] }')],
    ['calls another one', calls('./.github/workflows/status.yml')],
    ['verifies one release', step('uses: x/verify-rollout@v1, with: { release: 42 }')],
    [
      'verifies what another step has opened',
      step(`uses: x/y@v1, with: { release: "\${{ steps.open.outputs.release }}" }`),
    ],
    ['is empty', 'null'],
    ['is a list', '[]'],
  ])('is not one that %s', (_what, text) => {
    expect(isScheduledLook(load(text) as JsonValue)).toBe(false);
  });
});
