import { describe, expect, it, jest } from '@jest/globals';
import { type Release, silentLogger, type Verdict } from '@slipway/core';
import type { RolloutChange } from '@slipway/rollout';
import { gantt } from '../src/tell/gantt.ts';
import { summaryOf } from '../src/tell/summary.ts';
import { Progress, progressLine, waitingTable } from '../src/watch/progress.ts';

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

/** Seconds after the beginning, as the diagram writes them. */
function since(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `2000-01-01 00:${String(minutes).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}.000`;
}

describe('the summary', () => {
  const text = summaryOf({
    verdict,
    changes: [change(0, 'in-progress'), change(20, 'failed')],
    checks: [],
  });

  it('begins with the verdict, the sentence and the deployment tag', () => {
    expect(text).toMatch(
      /^## ❌ shop\/production: <code>v12<\/code> failed\n\n\*\*Deployment shop\/api failed: /,
    );
    expect(text).toContain('\n\n- Release 7 in namespace <code>shop</code> (verified in 1 min 0 s)\n\n');
  });

  it('neutralises what the cluster and the application say', () => {
    expect(text).not.toContain('<img');
    expect(text).not.toContain('**bold**');
    expect(text.match(/^\| .*$/gm)).toHaveLength(3);
  });

  it('shows the evidence of three failures, folds that of others, and shows the timeline', () => {
    expect(text).toContain('\n#### Evidence for <code>Deployment shop/api</code>\n\nWhat to do: see its log');
    const [failed] = verdict.objects;
    const objects = Array.from({ length: 5 }, () => failed as (typeof verdict.objects)[0]);
    const many = summaryOf({ verdict: { ...verdict, objects }, changes: [], checks: [] });
    expect(many.match(/^#### Evidence/gm)).toHaveLength(3);
    expect(many.match(/<summary>Evidence/g)).toHaveLength(2);
    expect(text).toContain(
      '#### Timeline\n\n```mermaid\n%%{init: {"gantt":{"displayMode":"compact","leftPadding":142}}}%%\ngantt\n',
    );
  });

  it('shows the evidence of what a release waited for that was not ready in time', () => {
    const [failed] = verdict.objects;
    const waiting = { ...failed, status: 'in-progress' } as (typeof verdict.objects)[0];
    const late: Verdict = { ...verdict, verdict: 'timed-out', objects: [waiting] };
    const page = summaryOf({ verdict: late, changes: [], checks: [] });
    expect(page).toContain('\n#### Evidence for <code>Deployment shop/api</code>\n');
    expect(page).not.toContain('<summary>Evidence');
  });

  it('does not call failed what a release that stopped never applied, in the table and on the timeline', () => {
    const message = 'it was never applied: the release stopped before it';
    const notApplied = ['api', 'web'].map(name => ({
      ...{ object: { ...object, name }, status: 'failed' as const, reason: 'NotApplied', message },
    }));
    const migrate = { apiVersion: 'batch/v1', kind: 'Job', namespace: 'shop', name: 'migrate-1a2b3c' };
    const job = { object: migrate, status: 'failed' as const, message: 'its pods failed too often' };
    const page = summaryOf({
      verdict: { ...verdict, objects: [...notApplied, job] },
      changes: [change(0, 'failed'), change(0, 'failed', 'web'), { ...change(0, 'failed'), object: migrate }],
      checks: [],
    });
    expect(page.match(/^\| .*❌ failed.*$/gm)).toEqual([
      '| <code>Job shop/migrate-1a2b3c</code> | ❌ failed | its pods failed too often |',
    ]);
    expect(page).toMatch(
      /<details><summary>2 objects never applied, as the release stopped first<\/summary>\n\n- <code>Deployment shop\/api<\/code>\n- <code>Deployment shop\/web<\/code>\n/,
    );
    expect(page.match(/ {2}section .*/g)).toEqual(['  section Job migrate-1a2b3c']);
  });

  it('folds what is ready, so that the one object that is not is seen', () => {
    const ready = Array.from({ length: 34 }, (_, index) => ({
      object: { ...object, name: `api-${index}` },
      status: 'ready' as const,
      message: '3 of 3 replicas are ready',
    }));
    const objects = [...verdict.objects, ...ready];
    const [open = '', folded = ''] = summaryOf({
      verdict: { ...verdict, objects },
      changes: [],
      checks: [],
    }).split('<details><summary>✅ 34 objects ready</summary>');
    expect(open.match(/^\| <code>/gm)).toHaveLength(1);
    expect(folded.split('</details>')[0]?.match(/^\| <code>/gm)).toHaveLength(34);
  });

  describe('of a release on record', () => {
    const record = {
      ...{ number: 7, application: 'shop', formation: 'production', namespace: 'shop', prune: 'now' },
      ...{ apiVersion: 'slipway.dev/v1', kind: 'Release', manifests: [], seals: [], objects: [] },
      created: '2026-11-20T09:59:40.000Z',
      applied: '2026-11-20T09:59:52.000Z',
      actor: 'ada',
      reason: 'push of <main>',
    } as const satisfies Release;
    const good = { ...verdict, verdict: 'succeeded' as const, summary: 'Everything is ready' };
    const seen = { changes: [change(0, 'in-progress'), change(20, 'ready')], checks: [] };

    it('says who released it, why, and how long it took', () => {
      expect(summaryOf({ verdict: good, release: record, ...seen })).toContain(
        '\n- Deployed by ada: push of &#60;main&#62; (written in 12 s, verified in 1 min 0 s)\n',
      );
    });

    it('says of a rollback by hand that it is one, from what, to what, by whom and why', () => {
      const release = { ...record, rollbackOf: 6, restores: 4, reason: 'orders are lost' };
      const text = summaryOf({
        verdict: good,
        release,
        ...seen,
        before: { number: 6, deploymentTag: 'v13' },
      });
      expect(text).toMatch(/^## ↩️ shop\/production: rolled back from <code>v13<\/code> to release 4\n/);
      expect(text).toContain('\n- Release 7 in namespace <code>shop</code>: from release 6 to release 4\n');
      expect(text).toContain('\n- Rolled back by ada: orders are lost (written in');
      expect(summaryOf({ verdict, release, ...seen })).toMatch(
        /^## ❌ shop\/production: rolling back from release 6 to release 4 failed\n/,
      );
    });

    it('has deploy on its timeline', () => {
      expect(summaryOf({ verdict: good, release: record, ...seen })).toContain(
        `  section deploy\n  written in 12 s :done, ${since(0)}, ${since(12)}\n  section Deployment api\n  in progress 20 s :active, ${since(20)}, ${since(40)}\n`,
      );
    });

    it('has what deploy wrote before it stopped on its timeline, and not as something good', () => {
      const { applied: _, ...begun } = record;
      const stopped = { ...begun, closed: '2026-11-20T09:59:45.000Z' };
      expect(summaryOf({ verdict, release: stopped, ...seen })).toContain(
        `  section deploy\n  stopped after 5.0 s :crit, ${since(0)}, ${since(5)}\n`,
      );
      expect(summaryOf({ verdict, release: begun, ...seen })).not.toContain('section deploy');
    });

    it('has its migrations on its timeline', () => {
      const job = {
        apiVersion: 'batch/v1',
        kind: 'Job',
        namespace: 'shop',
        name: 'migrate-1a2b',
        written: true,
      };
      const [from, to] = ['2026-11-20T09:59:40.000Z', '2026-11-20T09:59:48.000Z'].map(time => new Date(time));
      const run = { job: { ...job, given: 'migrate' }, from: from as Date, to, status: 'completed' as const };
      const settled = { ...change(1, 'ready'), object: job };
      const changes = [...seen.changes, settled];
      const text = summaryOf({ verdict: good, release: record, ...seen, changes, jobs: [run] });
      expect(text).toContain(
        `  section deploy\n  written in 12 s :done, ${since(0)}, ${since(12)}\n  section Job migrate\n  completed in 8.0 s :done, ${since(0)}, ${since(8)}\n  section Deployment api\n`,
      );
      expect(text).not.toContain('section Job migrate-1a2b');
      const failed = summaryOf({
        ...{ verdict, release: record, ...seen, changes },
        jobs: [{ ...run, status: 'failed' }],
      });
      expect(failed).toContain(`  section Job migrate\n  failed in 8.0 s :crit, ${since(0)}, ${since(8)}\n`);
    });

    it('leaves deploy off the timeline where it is verified again long after', () => {
      const text = summaryOf({
        ...{ verdict: good, ...seen },
        release: { ...record, created: '2026-11-18T09:00:00.000Z', applied: '2026-11-18T09:01:00.000Z' },
      });
      expect(text).not.toContain('section deploy');
      expect(text).toContain('\n  title Time since watching began, 2026-11-20 10:00:00 UTC\n');
    });
  });

  it('folds a timeline of many rows', () => {
    const changes = Array.from({ length: 13 }, (_, index) => change(index, 'in-progress', `api-${index}`));
    expect(summaryOf({ verdict, changes, checks: [] })).toContain('<summary>Timeline</summary>');
  });
});

describe('the timeline', () => {
  it('has a bar for each run of one status', () => {
    const changes = [change(0, 'in-progress'), change(5, 'in-progress'), change(20, 'ready')];
    expect(gantt({ changes, checks: [] }, new Date(verdict.finished)).split('\n').slice(7, 10)).toEqual([
      '  section Deployment api',
      `  in progress 20 s :active, ${since(0)}, ${since(20)}`,
      `  ready :done, ${since(20)}, ${since(60)}`,
    ]);
  });

  it('counts time from the beginning, which it names, in every time zone', () => {
    const diagram = gantt({ changes: [change(0, 'in-progress')], checks: [] }, new Date(verdict.finished));
    expect(diagram.split('\n').slice(3, 5)).toEqual([
      '  title Time since watching began, 2026-11-20 10:00:00 UTC',
      '  dateFormat YYYY-MM-DD HH:mm:ss.SSS',
    ]);
  });

  it.each([
    [3, '1second', '%-S s'],
    [45, '10second', '%-S s'],
    [60, '10second', '%-M:%S'],
    [119, '30second', '%-M:%S'],
    [600, '2minute', '%-M:%S'],
    [3600, '10minute', '%-H:%M h'],
    [86_400, '6hour', 'day %-d, %-H h'],
    [864_000, '2day', 'day %-d, %-H h'],
  ])('has an axis with at most seven labels that people read: %s s', (seconds, interval, format) => {
    const diagram = gantt({ changes: [change(0, 'in-progress')], checks: [] }, change(seconds, 'ready').at);
    expect(diagram).toContain(`\n  axisFormat ${format}\n  tickInterval ${interval}\n`);
  });

  it('keeps to the letters that mean nothing to Mermaid', () => {
    const [, , , , , , , section] = gantt(
      { changes: [change(0, 'failed', 'x:;#%%{init}`click`')], checks: [] },
      new Date(),
    ).split('\n');
    expect(section).toBe('  section Deployment x______init__click_');
  });

  it('begins with what failed, and leaves out what was good all the time', () => {
    const changes = [
      change(0, 'ready', 'settings'),
      change(1, 'in-progress', 'slow'),
      change(2, 'failed', 'bad'),
      change(9, 'ready', 'slow'),
    ];
    const sections = gantt({ changes, checks: [] }, new Date(verdict.finished)).match(/section .*/g);
    expect(sections).toEqual(['section Deployment bad', 'section Deployment slow']);
  });

  it('tells namespaces apart where there are several', () => {
    const other = { ...change(0, 'failed'), object: { ...object, namespace: 'web' } };
    const sections = gantt({ changes: [change(0, 'failed'), other], checks: [] }, new Date()).match(
      /section .*/g,
    );
    expect(sections).toEqual(['section Deployment shop/api', 'section Deployment web/api']);
  });

  it('shows so many objects as can be read', () => {
    const changes = Array.from({ length: 100 }, (_, index) => change(index, 'failed', `api-${index}`));
    expect(gantt({ changes, checks: [] }, new Date()).match(/section/g)).toHaveLength(25);
  });

  it('is empty where everything was ready all the time, as it would be a list of that', () => {
    const written = {
      from: new Date(verdict.started),
      to: new Date(verdict.started),
      status: 'written',
    } as const;
    const changes = [change(0, 'ready', 'api'), change(0, 'ready', 'web')];
    expect(gantt({ changes, checks: [], written }, new Date(verdict.finished))).toBe('');
    const slow = gantt({ changes: [...changes, change(1, 'in-progress')], checks: [], written }, new Date());
    expect(slow.match(/section .*/g)).toEqual(['section deploy', 'section Deployment api']);
  });

  it('is empty where nothing changed', () => {
    expect(gantt({ changes: [], checks: [] }, new Date())).toBe('');
  });
});

describe('a check', () => {
  const checks = [
    {
      name: 'front',
      status: 'failed' as const,
      message: HOSTILE,
      evidence: [{ title: 'PromQL', lines: [HOSTILE] }],
    },
  ];
  const at = new Date(verdict.started);
  const running = { at, name: 'front', status: 'running' as const, message: 'begins' };
  const text = summaryOf({ verdict: { ...verdict, checks }, changes: [], checks: [running] });

  it('has a row, its evidence and a bar', () => {
    expect(text).toContain('| check | result | what it found |');
    expect(text).toContain('\n#### Evidence for <code>check front</code>\n\n**PromQL**');
    expect(text).toContain('  section check front\n  running 1 min 0 s :active,');
  });

  it('says nothing in Markdown', () => {
    expect(text).not.toContain('<img');
  });
});

describe('the table of what is waited for', () => {
  const rows = Array.from({ length: 17 }, (_, index) => change(0, 'in-progress', `api-${index}`));

  it('has a line for each, in columns, up to a bound', () => {
    const lines = waitingTable(rows).split('\n');
    expect(lines.slice(0, 2)).toEqual(['Waiting for 17 objects:', '  Deployment shop/api-0   m']);
    expect(lines.at(-1)).toBe('  and 2 more');
  });

  it('comes now and then, and only when it is another one', () => {
    jest.useFakeTimers();
    const lines: string[] = [];
    const progress = new Progress({ ...silentLogger, info: line => lines.push(line) }, new Date());
    for (const row of rows.slice(0, 2)) progress.note(row);
    jest.advanceTimersByTime(95_000);
    expect(lines.filter(line => line.startsWith('Waiting'))).toHaveLength(1);
    progress.note(change(40, 'ready', 'api-1'));
    progress.note(change(41, 'in-progress', 'api-2'));
    jest.advanceTimersByTime(30_000);
    expect(lines.filter(line => line.startsWith('Waiting'))).toHaveLength(2);
    progress.end();
    jest.useRealTimers();
  });
});

describe('progress', () => {
  it('is one line for each change', () => {
    expect(progressLine(change(12, 'ready'), new Date(verdict.started))).toBe(
      '     12 s  ✓ Deployment shop/api: m (1 of 3 settled)',
    );
  });
});
