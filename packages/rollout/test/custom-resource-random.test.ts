import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '@slipway/core';
import fc from 'fast-check';
import { assess } from '../src/status/assess.ts';
import { emptyCluster, object } from './support/objects.ts';

function stateOf(status: JsonValue, spec: JsonValue = {}): string {
  const given = object('example.com/v1', 'Pony', 'dusty', { generation: 2 }, { spec, status });
  return assess(given, emptyCluster).state;
}

const name = fc.constantFrom(
  'Ready',
  'Available',
  'Synced',
  'Programmed',
  'Paused',
  'Progressing',
  'Degraded',
  'Odd',
);
const condition = fc.record({
  type: name,
  status: fc.constantFrom('True', 'False', 'Unknown'),
  reason: fc.constantFrom('', 'Fine', 'ApplyFailed', 'NotFound', 'Waiting'),
});
const good = fc.record({
  phase: fc.constantFrom('Running', 'Ready', 'Paused', 'Creating', 'Odd'),
  ready: fc.boolean(),
  readyReplicas: fc.nat(3),
});
const spec = fc.record({ replicas: fc.nat(3), suspend: fc.boolean() });

describe('of all statuses, whatever else they say', () => {
  it.each<[string, JsonObject]>([
    ['a condition that is Failed', { type: 'Failed', status: 'True' }],
    [
      'a condition with an error',
      { type: 'Applied', status: 'False', reason: 'ApplyError', severity: 'Error' },
    ],
    ['a condition that has stalled', { type: 'Stalled', status: 'True', reason: 'NoHay' }],
  ])('none with %s passes', (_, failure) => {
    fc.assert(
      fc.property(fc.array(condition), good, spec, fc.nat(5), (others, more, wanted, index) => {
        const conditions = others.toSpliced(index % (others.length + 1), 0, failure as never);
        expect(stateOf({ ...more, conditions }, wanted)).toBe('in-progress');
      }),
    );
  });

  it('none with a failed phase is ready', () => {
    fc.assert(
      fc.property(fc.array(condition), good, spec, (conditions, more, wanted) => {
        expect(stateOf({ ...more, conditions, phase: 'Failed' }, wanted)).toBe('in-progress');
      }),
    );
  });

  it('none about an older generation is ready', () => {
    fc.assert(
      fc.property(fc.array(condition), good, (conditions, more) => {
        expect(stateOf({ ...more, conditions, observedGeneration: 1 })).not.toBe('ready');
      }),
    );
  });

  it('none with a listener, or a parent, that is not programmed is ready', () => {
    fc.assert(
      fc.property(
        fc.array(condition),
        good,
        fc.constantFrom('listeners', 'parents'),
        (conditions, more, list) => {
          const item = { conditions: [{ type: 'Programmed', status: 'False', reason: 'Invalid' }] };
          expect(stateOf({ ...more, conditions, [list]: [item] }, {})).toBe('in-progress');
        },
      ),
    );
  });

  it('none is too strange to be read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (status, wanted) => {
        expect(stateOf(status as JsonValue, wanted as JsonValue)).toMatch(/^(?:ready|in-progress|unknown)$/);
      }),
    );
  });
});
