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

/** Text that would like to be more than text: line breaks, colours, markup, and names that every JavaScript object has. */
const hostileText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '\u001b[31mred\u001b[0m',
    'one\r\n::error::two',
    '</details>\n# heading',
    '\u202eecaf',
    '\ud800',
    ' '.repeat(10_000),
    'Failed'.repeat(10_000),
    'a\n'.repeat(10_000),
  ),
);
const FIELDS = [
  'type',
  'status',
  'reason',
  'message',
  'severity',
  'observedGeneration',
  'conditions',
  'name',
];
const PARTS = [
  'phase',
  'state',
  'error',
  'ready',
  'parents',
  'ancestors',
  'listeners',
  'ingress',
  'parentRef',
];
const hostile = fc.letrec<{ value: JsonValue }>(tie => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    hostileText,
    fc.constantFrom(true, false, null, 0, -1, 1e308, Number.MAX_SAFE_INTEGER),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...FIELDS, ...PARTS), hostileText), tie('value'), { maxKeys: 6 }),
  ) as fc.Arbitrary<JsonValue>,
}));

/** What a terminal, a log or a page would take for more than text. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const LONGEST_SENTENCE = 1_000;

describe('of all statuses that are meant to do harm', () => {
  it('each is read, in sentences of one line and of bounded length', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Pony', 'Certificate', 'HTTPRoute', 'Rollout', 'Service'),
        hostile.value,
        hostile.value,
        fc.dictionary(fc.oneof(fc.constantFrom(...FIELDS, ...PARTS), hostileText), hostile.value),
        (kind, spec, annotations, status) => {
          const groups = {
            Pony: 'example.com/v1',
            Certificate: 'cert-manager.io/v1',
            Rollout: 'argoproj.io/v1',
          };
          const others = kind === 'HTTPRoute' ? 'gateway.networking.k8s.io/v1' : 'serving.knative.dev/v1';
          const apiVersion = groups[kind as keyof typeof groups] ?? others;
          const given = object(
            apiVersion,
            kind,
            'dusty',
            { annotations: annotations as never },
            { spec, status },
          );
          const { state, message, troubles } = assess(given, emptyCluster);
          expect(state).toMatch(/^(?:ready|in-progress|unknown)$/);
          for (const sentence of [message, ...troubles.map(trouble => trouble.message)]) {
            expect(sentence).not.toMatch(CONTROLS);
            expect(sentence.length).toBeLessThan(LONGEST_SENTENCE);
          }
        },
      ),
    );
  });

  // What took the square of this many steps would not end.
  const MANY = 20_000;
  const many = <Item>(make: (index: number) => Item): Item[] =>
    Array.from({ length: MANY }, (_, index) => make(index));
  const ready = [{ type: 'Ready', status: 'True', reason: 'Fine', message: '' }];

  it.each<[string, () => { readonly spec?: JsonObject; readonly status: JsonObject }]>([
    [
      'conditions',
      () => ({
        status: { conditions: many(n => ({ type: `C${n}Failed`, status: 'False', message: `m${n}` })) },
      }),
    ],
    [
      'parents',
      () => ({
        spec: { parentRefs: many(n => ({ name: `wanted-${n}` })) },
        status: { parents: many(n => ({ parentRef: { name: `found-${n}` }, conditions: ready })) },
      }),
    ],
    [
      'listeners',
      () => ({
        spec: { listeners: many(n => ({ name: `wanted-${n}` })) },
        status: { listeners: many(n => ({ name: `found-${n}`, conditions: ready })) },
      }),
    ],
    [
      'flags beside a message of two megabytes',
      () => ({
        status: {
          ...Object.fromEntries(many(n => [`part${n}Ready`, false])),
          message: ' \u001b'.repeat(1_000_000),
        },
      }),
    ],
    [
      'lists in lists',
      () => {
        let error: JsonValue = 'deep';
        for (let depth = 0; depth < MANY; depth++) error = [error];
        return { status: { error } };
      },
    ],
  ])('one with too many %s is read, too', (_what, make) => {
    const { spec = {}, status } = make();
    const { state, message } = assess(
      object('example.com/v1', 'Pony', 'dusty', {}, { spec, status }),
      emptyCluster,
    );
    expect(state).toMatch(/^(?:ready|in-progress|unknown)$/);
    expect(message.length).toBeLessThan(LONGEST_SENTENCE);
  });
});
