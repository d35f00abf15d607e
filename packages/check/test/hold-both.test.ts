import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@slipway/core';
import { holdBoth } from '../src/rules/hold-both.ts';

const finding = (fingerprint: string, severity: Finding['severity'], path = 'a.yaml'): Finding => ({
  rule: 'rule',
  severity,
  message: 'wrong',
  object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' },
  place: { path, line: 1, column: 1 },
  fingerprint,
});
const saying = (message: string, severity: Finding['severity'] = 'error'): Finding => ({
  ...finding('1', severity),
  message,
});
const { object: _object, ...aboutFile } = finding('1', 'error');
const severities = (found: readonly Finding[]) =>
  found.map(({ fingerprint, severity }) => [fingerprint, severity]);

describe('by the rules of the checkout and of the base', () => {
  it.each<[string, Finding[], Finding[], unknown[]]>([
    [
      'a finding of both is reported once',
      [finding('1', 'error')],
      [finding('1', 'error')],
      [['1', 'error']],
    ],
    ['a rule that the pull request adds applies', [finding('1', 'error')], [], [['1', 'error']]],
    ['a rule that it removes still applies', [], [finding('1', 'error')], [['1', 'error']]],
    [
      'a rule that it makes milder stays severe',
      [finding('1', 'notice')],
      [finding('1', 'error')],
      [['1', 'error']],
    ],
    [
      'a rule that it makes more severe is more severe',
      [finding('1', 'error')],
      [finding('1', 'warning')],
      [['1', 'error']],
    ],
    [
      'a sign-off that becomes a warning is an error until it is given',
      [finding('1', 'warning')],
      [finding('1', 'sign-off')],
      [['1', 'error']],
    ],
    ['an error outweighs a sign-off', [finding('1', 'sign-off')], [finding('1', 'error')], [['1', 'error']]],
    [
      'of two findings with the same fingerprint, the one that the pull request removes still counts',
      [saying('too small', 'warning')],
      [saying('too small', 'warning'), saying('too red')],
      [
        ['1', 'warning'],
        ['1', 'error'],
      ],
    ],
    ['a problem in a file of the base is fixed by changing the file', [], [aboutFile], []],
  ])('%s', (_title, own, base, expected) => {
    expect(severities(holdBoth(own, base))).toEqual(expected);
  });

  it('reports once what a milder level of the pull request makes a warning of, as the error that it is', () => {
    const milder = { ...finding('1', 'warning'), lowered: 'by-level' as const };
    const [held, ...others] = holdBoth([milder], [finding('1', 'error')]);
    expect([held?.severity, held?.lowered, others]).toEqual(['error', undefined, []]);
  });

  it('lets the base decide who may sign off', () => {
    const signOff = (approver: string) => ({ ...finding('1', 'sign-off'), approvers: [approver] });
    expect(holdBoth([signOff('mallory')], [signOff('ada')])).toEqual([signOff('ada')]);
  });

  it('says how long a finding by the base alone applies', () => {
    expect(holdBoth([], [finding('1', 'error')])[0]?.message).toBe(
      'wrong (by the rules of the base commit, which apply until this is merged)',
    );
  });
});
