import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '@slipway/core';
import type { RolloutChange } from '@slipway/rollout';
import { gantt } from '../src/gantt.ts';
import { progressLine } from '../src/progress.ts';
import { summaryOf } from '../src/summary.ts';

const object = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'api' };
const HOSTILE = '<img src=x onerror=alert(1)> | **bold** ::error::';

const verdict: Verdict = {
  apiVersion: 'slipway.dev/v1',
  kind: 'Verdict',
  verdict: 'failed',
  application: 'shop',
  formation: 'production',
  namespace: 'shop',
  release: 7,
  deploymentTag: 'v12',
  started: '2026-11-20T10:00:00.000Z',
  finished: '2026-11-20T10:01:00.000Z',
  summary: `Deployment shop/api failed: ${HOSTILE}`,
  objects: [
    {
      object,
      status: 'failed',
      message: HOSTILE,
      remedy: 'see its log',
      evidence: [{ title: HOSTILE, lines: [HOSTILE, '```'] }],
    },
  ],
};

function change(seconds: number, status: RolloutChange['status'], name = 'api'): RolloutChange {
  const at = new Date(Date.parse(verdict.started) + seconds * 1000);
  return { at, object: { ...object, name }, status, message: 'm', settled: 1, total: 3 };
}

describe('the summary', () => {
  const text = summaryOf({ verdict, changes: [change(0, 'in-progress'), change(20, 'failed')] });

  it('begins with the verdict, the sentence and the deployment tag', () => {
    expect(text).toMatch(/^## ❌ Release failed\n\n\*\*Deployment shop\/api failed: /);
    expect(text).toContain('release 7, deployment tag <code>v12</code>, namespace <code>shop</code>');
  });

  it('neutralises what the cluster and the application say', () => {
    expect(text).not.toContain('<img');
    expect(text).not.toContain('**bold**');
    expect(text.match(/^\| .*$/gm)).toHaveLength(3);
  });

  it('folds the evidence, and the timeline', () => {
    expect(text.match(/<details>/g)).toHaveLength(2);
    expect(text).toContain('```mermaid\ngantt\n');
  });
});

describe('the timeline', () => {
  it('has a bar for each run of one status', () => {
    const changes = [change(0, 'in-progress'), change(5, 'in-progress'), change(20, 'ready')];
    const start = Date.parse(verdict.started);
    expect(gantt(changes, new Date(verdict.finished)).split('\n').slice(4, 7)).toEqual([
      '  section Deployment shop/api',
      `  in progress :active, ${start}, ${start + 20_000}`,
      `  ready :done, ${start + 20_000}, ${start + 60_000}`,
    ]);
  });

  it('keeps to the letters that mean nothing to Mermaid', () => {
    const [, , , , section] = gantt([change(0, 'ready', 'x:;#%%{init}`click`')], new Date()).split('\n');
    expect(section).toBe('  section Deployment shop/x______init__click_');
  });

  it('shows so many objects as can be read', () => {
    const changes = Array.from({ length: 100 }, (_, index) => change(index, 'ready', `api-${index}`));
    expect(gantt(changes, new Date()).match(/section/g)).toHaveLength(25);
  });

  it('is empty where nothing changed', () => {
    expect(gantt([], new Date())).toBe('');
  });
});

describe('progress', () => {
  it('is one line for each change', () => {
    expect(progressLine(change(12, 'ready'), new Date(verdict.started))).toBe(
      '     12 s  ✓ Deployment shop/api: m (1 of 3 settled)',
    );
  });
});
