import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { CheckResult } from '@slipway/core';
import { findCheck } from '../src/what/find-check.ts';

const PRODUCTION = `apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: production}
spec:
  destinations: {main: {namespace: shop}}
  verify:
    checks:
      - {name: smoke, job: {name: smoke}}
      - name: front
        http: {service: web}
`;

function checkout(folder: string, text = PRODUCTION): string {
  const workspace = mkdtempSync(join(tmpdir(), 'slipway-checks-'));
  const path = join(workspace, folder, 'formations/production.yaml');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return workspace;
}

function failed(name: string) {
  const checks: CheckResult[] = [
    { name: 'other', status: 'not-finished', message: '', evidence: [] },
    { name, status: 'failed', message: 'no', evidence: [] },
  ];
  return { verdict: 'failed' as const, checks };
}

describe('the position of a check that failed', () => {
  it.each([
    ['', '', 'formations/production.yaml'],
    ['shop', '', 'formations/production.yaml'],
    ['apps/shop/slipway.yaml', 'apps/shop', 'apps/shop/formations/production.yaml'],
  ])('is its line of the formation, with the application %s', async (application, folder, path) => {
    const found = await findCheck(failed('front'), 'production', { application }, checkout(folder));
    expect(found).toMatchObject({ path, line: 9 });
  });

  it.each<[string, ReturnType<typeof failed>, string]>([
    ['of the input', failed('own'), checkout('')],
    ['of another checkout', failed('front'), checkout('elsewhere')],
    ['of a file that is not in order', failed('front'), checkout('', 'a: [')],
  ])('is not known of one %s', async (_, result, workspace) => {
    expect(await findCheck(result, 'production', { application: '' }, workspace)).toBeUndefined();
  });

  it('is not asked for where no check failed', async () => {
    const result = { ...failed('front'), verdict: 'succeeded' as const };
    expect(await findCheck(result, 'production', { application: '' }, checkout(''))).toBeUndefined();
  });
});
