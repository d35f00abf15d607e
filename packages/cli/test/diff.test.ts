import { describe, expect, it } from '@jest/globals';
import type { Difference } from '@slipway/core';
import { sayDifference } from '../src/tell/difference.ts';
import { copyOfShop, runIn } from './support/copy.ts';
import { machineIn } from './support/machine.ts';

const folder = copyOfShop();

describe('slipway diff', () => {
  it('answers nothing where there is no commit to compare with', async () => {
    const { exitCode, printed, complaints } = await runIn(folder, 'diff', '--json');
    expect([exitCode, printed]).toEqual([2, '']);
    expect(complaints).toContain('"HEAD" cannot be compared with, as there is no checkout here');
  });

  it('shows a change once for all destinations that have it, and says which could not be compared', () => {
    const change = (namespace: string, after: number): Difference['settings'][number] => ({
      object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api' },
      action: 'change',
      restarts: false,
      fields: [{ path: 'spec.replicas', before: 1, after }],
    });
    const difference: Difference = {
      apiVersion: 'slipway.dev/v1',
      kind: 'Difference',
      base: 'a'.repeat(40),
      destinations: [
        { name: 'staging/main', changes: [change('shop-staging', 2)] },
        { name: 'production/eu', changes: [change('shop-eu', 2)] },
        { name: 'production/us', changes: [change('shop-us', 3)] },
        { name: 'production/asia', uncompared: ['the objects of the base commit cannot be read'] },
      ],
      removed: ['production/sa'],
      moved: [],
      settings: [],
      limits: ['Without a cluster.'],
    };
    const [printed, complaints]: [string[], string[]] = [[], []];
    const review = { application: 'shop', targets: [], removed: [], moved: [], settings: [], limits: [] };
    sayDifference(review, difference, machineIn(folder, { printed, complaints }));
    expect(printed.slice(1)).toEqual([
      '~ Deployment api [staging/main, production/eu]',
      '    spec.replicas: 1 -> 2',
      '~ Deployment shop-us/api [production/us]',
      '    spec.replicas: 1 -> 3',
      "- production/sa leaves: what runs there stays until deploy's mode destroy removes it",
    ]);
    expect(complaints).toEqual([
      'error: production/asia is not compared: the objects of the base commit cannot be read',
      'note: Without a cluster.',
    ]);
  });
});
