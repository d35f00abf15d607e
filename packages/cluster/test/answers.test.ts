import { describe, expect, it } from '@jest/globals';
import { answerError } from '../src/answers.ts';

const told = (what: string, message: string): string =>
  answerError({ status: 500, text: JSON.stringify({ message }) } as Parameters<typeof answerError>[0], what)
    .message;

/** As API servers 1.36 say it. */
const PIN =
  'failed to create typed patch object (shop/a; /v1, Kind=Secret): .data.pin: expected string, got &value.valueUnstructured{Value:73912645}';
const BROKEN =
  'Internal error occurred: failed calling webhook "a.example.org": failed to call webhook: an error on the server ("cGFzc3dvcmQ=") has prevented the request from succeeding';

describe('what a server says of a Secret', () => {
  it.each([
    [PIN, /\.data\.pin: expected string, got something else$/],
    [
      BROKEN,
      /failed calling webhook "a\.example\.org"; the reason is not shown, because it is about a Secret; look the reason up/,
    ],
    ['admission webhook "a" denied the request: hunter2', /denied the request; the reason is not shown/],
    [
      'an error on the server ("hunter2") has prevented the request',
      /an error on the server; the reason is not shown/,
    ],
  ])('is shown without what it quotes: %s', (message, shown) => {
    expect(told('applying Secret shop/a', message)).toMatch(shown);
    expect(told('applying Secret shop/a', message)).not.toMatch(/73912645|cGFzc3dvcmQ=|hunter2/);
  });

  it('is shown whole if it quotes nothing', () => {
    const message = 'Secret "a" is invalid: type: Invalid value: "Opaque": field is immutable';
    expect(told('applying Secret shop/a', message)).toContain(message);
  });

  it('is shown whole of any other kind', () => {
    expect(told('applying ConfigMap shop/a', PIN)).toContain(PIN);
  });
});

describe('what to do about a refusal', () => {
  it.each([
    [
      'pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0',
      'ResourceQuota',
    ],
    ['pods "p" is forbidden: maximum cpu usage per Container is 100m, but limit is 1', 'LimitRange'],
    [
      'pods "p" is forbidden: violates PodSecurity "restricted:latest": host ports',
      'pod-security.kubernetes.io/enforce',
    ],
    ['etcdserver: request is too large', '1.5 MiB'],
    ['admission webhook "a.b" denied the request: no', 'one of the cluster'],
  ])('is said where the message does not say it: %s', (message, remedy) => {
    for (const status of [403, 500]) {
      const answer = { status, text: JSON.stringify({ message }) } as Parameters<typeof answerError>[0];
      expect(answerError(answer, 'applying Pod a/p').problems[0]?.remedy).toContain(remedy);
    }
  });

  it('is left to a message that names the field', () => {
    const answer = {
      status: 422,
      text: JSON.stringify({ message: 'Pod "p" is invalid: spec.x: Required value' }),
    };
    expect(
      answerError(answer as Parameters<typeof answerError>[0], 'applying Pod a/p').problems[0]?.remedy,
    ).toBe(undefined);
  });
});
