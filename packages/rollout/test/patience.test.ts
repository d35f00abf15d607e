import { describe, expect, it } from '@jest/globals';
import { type JsonObject, silentLogger } from '@slipway/core';
import type { Terms } from '../src/judge/deadlines.ts';
import { type Judgement, judge } from '../src/judge/judge.ts';
import { emptyMemory, remember, withLimitedPatience } from '../src/judge/memory.ts';
import { observe } from '../src/judge/observe.ts';
import type { WatchedObject } from '../src/rollout.ts';
import { declaresConditions, readExpectations } from '../src/watch/expectations.ts';
import { Store } from '../src/watch/store.ts';
import { conditions, NAMESPACE, object } from './support/objects.ts';

const PONY = { apiVersion: 'example.com/v1', kind: 'Pony' };
const dusty: WatchedObject = {
  ...PONY,
  namespace: NAMESPACE,
  name: 'dusty',
  uid: 'uid-dusty',
  written: true,
};
const TERMS: Terms = { stableFor: 10_000, timeout: 600_000, current: true, superseded: false };

/** The judgement after looks at an object of a kind that reports conditions, at so many seconds with such a status. */
function after(...looks: readonly (readonly [seconds: number, status?: JsonObject])[]): Judgement {
  const store = new Store();
  store.expectConditions(PONY);
  const section = store.open(PONY, NAMESPACE);
  let memory = emptyMemory(0);
  let judgement: Judgement | undefined;
  for (const [seconds, status] of looks) {
    section.replace([object('example.com/v1', 'Pony', 'dusty', {}, status === undefined ? {} : { status })]);
    const now = seconds * 1000;
    const seen = withLimitedPatience(memory, observe([dusty], store), now);
    memory = remember(seen.memory, seen.observations, now);
    judgement = judge(seen.observations, memory, TERMS, now);
  }
  if (judgement === undefined) throw new Error('the test looks at nothing');
  return judgement;
}

describe('an object without a status whose kind reports conditions', () => {
  it('is waited for, and looked at again when the patience ends', () => {
    const { outcomes, verdict, nextCheck } = after([0]);
    expect(outcomes).toMatchObject([{ state: 'in-progress', message: 'it has no status yet' }]);
    expect([verdict, nextCheck]).toEqual([undefined, 30_000]);
  });

  it('is unknown after that, and then stays so for as long as is asked for', () => {
    expect(after([0], [30]).outcomes).toMatchObject([{ state: 'unknown', message: 'it has no status' }]);
    expect(after([0], [30]).verdict).toBeUndefined();
    expect(after([0], [30], [40]).verdict).toBe('succeeded');
  });

  it('is judged by its status once there is one', () => {
    const bad = { conditions: conditions({ Failed: 'True NoHay' }) };
    expect(after([0], [30], [35, bad]).outcomes).toMatchObject([{ state: 'in-progress' }]);
    expect(after([0], [30], [35, bad], [65, bad]).verdict).toBe('failed');
  });
});

/** What the API server answers for a definition, as far as it is read. */
function openApi(status: JsonObject, paths: readonly string[]): JsonObject {
  const named = { group: 'example.com', version: 'v1', kind: 'Pony' };
  return {
    components: {
      schemas: {
        'com.example.v1.Pony': {
          properties: { status: { properties: status } },
          'x-kubernetes-group-version-kind': [named],
        },
      },
    },
    paths: Object.fromEntries(
      paths.map(path => [path, { get: { 'x-kubernetes-group-version-kind': named } }]),
    ),
  };
}

const STATUS = '/apis/example.com/v1/namespaces/{namespace}/ponies/{name}/status';

describe('the schema of a kind', () => {
  it.each<[string, JsonObject, boolean]>([
    ['with conditions and the subresource', openApi({ conditions: { type: 'array' } }, [STATUS]), true],
    ['without conditions', openApi({ phase: { type: 'string' } }, [STATUS]), false],
    ['without the subresource', openApi({ conditions: { type: 'array' } }, []), false],
    ['that is not there', {}, false],
  ])('%s', (_, document, declares) => {
    expect(declaresConditions(document, PONY)).toBe(declares);
  });

  it('is asked for once a version, and of custom kinds that are not known alone', async () => {
    const asked: string[] = [];
    const client = {
      openApi: (apiVersion: string) => {
        asked.push(apiVersion);
        return Promise.resolve(openApi({ conditions: {} }, [STATUS]));
      },
    };
    const store = new Store();
    const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' };
    const objects = [
      PONY,
      { ...PONY, kind: 'Horse' },
      { apiVersion: 'apps/v1', kind: 'Deployment' },
      rollout,
    ];
    await readExpectations({ client, objects, logger: silentLogger }, store);
    expect(asked).toEqual(['example.com/v1']);
    expect(objects.map(kind => store.reportsConditions(kind))).toEqual([true, false, false, false]);
  });

  it('that cannot be read is nothing to fail for', async () => {
    const store = new Store();
    const client = { openApi: () => Promise.reject(new Error('down')) };
    await readExpectations({ client, objects: [PONY], logger: silentLogger }, store);
    expect(store.reportsConditions(PONY)).toBe(false);
  });
});
