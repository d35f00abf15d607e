import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ApplicationStatus, DestinationStatus } from '@slipway/core';
import { statusLines, statusMarkdown, statusPage, statusTitle } from '@slipway/report';

const COMMIT = 'a'.repeat(40);
const REPOSITORY = 'https://github.com/acme/shop';

const row = (changes: Partial<DestinationStatus> = {}): DestinationStatus => ({
  ...{ formation: 'production', destination: 'eu', namespace: 'shop', state: 'fine' },
  ...{ attention: [], waiting: [], unknown: [], limits: [] },
  ...changes,
});

const statusOf = (...destinations: DestinationStatus[]): ApplicationStatus => ({
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Status', application: 'shop', repository: REPOSITORY },
  ...{ at: '2026-11-29T12:00:00.000Z', state: 'fine', destinations },
});

const live = (changes: Partial<NonNullable<DestinationStatus['live']>> = {}) => ({
  ...{
    source: 'note' as const,
    release: 41,
    deploymentTag: 'v41',
    commit: COMMIT,
    since: '2026-11-28T10:05:00Z',
  },
  ...{
    by: 'mia',
    why: 'hotfix',
    verdict: 'succeeded' as const,
    run: `${REPOSITORY}/actions/runs/7/attempts/1`,
  },
  ...changes,
});

const HOSTILE = '"><img src=x onerror=alert(1)>\u202e<script>x</script>[a](javascript:x) | `</title>';

describe('the status of an application', () => {
  it('has a row for each destination, with links to commit and run', () => {
    const text = statusMarkdown(statusOf(row({ live: live() })));
    expect(text).toContain(`[aaaaaaa](${REPOSITORY}/commit/${COMMIT})`);
    expect(text).toContain(`[run](${REPOSITORY}/actions/runs/7/attempts/1)`);
    expect(text).toContain('2026-11-28 10:05 UTC');
  });

  it('says of one that is not behind that it has what passed, and not what runs there', () => {
    const behind = { formation: 'staging', isBehind: false };
    expect(statusMarkdown(statusOf(row({ behind, live: live() })))).toContain('as passed at staging');
  });

  it('says what a release rolled back, and how far it is behind', () => {
    const behind = {
      ...{ formation: 'staging', isBehind: true, count: 2, deploymentTag: 'v43' },
      commits: [{ sha: COMMIT, title: 'one' }],
      pulls: [{ number: 12, title: 'Ship it' }],
    };
    const text = statusMarkdown(statusOf(row({ behind, live: live({ rollbackOf: 40, restores: 39 }) })));
    expect(text).toContain('rollback of release 40 to release 39');
    expect(text).toContain('2 commits behind staging, 1 pull request');
    expect(text).toContain(`](${REPOSITORY}/pull/12) Ship it`);
  });

  it('shows the configuration that is not promoted, unless the images lack the same commits', () => {
    const config = {
      commit: 'b'.repeat(40),
      isBehind: true,
      count: 3,
      commits: [{ sha: COMMIT, title: 'a port' }],
    };
    const behind = { formation: 'staging', isBehind: true, count: 0, deploymentTag: 'v43', config };
    const shown = statusOf(row({ behind, waiting: ['its configuration is behind'], live: live() }));
    for (const text of [statusMarkdown(shown), statusPage(shown)]) {
      expect(text).toContain('configuration 3 commits behind staging');
      expect(text).toContain('a port');
      expect(text).not.toContain('0 commits');
    }
    const same = { ...behind, count: 3, commit: 'b'.repeat(40), commits: config.commits };
    expect(statusMarkdown(statusOf(row({ behind: same, waiting: ['3 commits behind'] })))).not.toContain(
      'onfiguration',
    );
  });

  it('shows a hold, who has the lock, and that a run has left one behind', () => {
    const run = `${REPOSITORY}/actions/runs/7`;
    const hold = { by: 'mia', reason: 'an audit', since: '2026-11-28T10:05:00Z' };
    const locked = statusOf(row({ hold, lock: { by: run, isStale: false }, waiting: [`locked by ${run}`] }));
    expect(statusMarkdown(locked)).toContain('✅ fine<br>on hold<br>locked |');
    expect(statusMarkdown(locked)).toContain(`[the run with the lock](${run})`);
    expect(statusPage(locked)).toContain(`<a href="${run}" rel="noreferrer">the run with the lock</a>`);
    for (const [isStale, word] of [
      [true, 'lock left behind'],
      [undefined, 'locked, perhaps'],
    ] as const) {
      const lock = { by: 'https://evil.example/', ...(isStale === undefined ? {} : { isStale }) };
      const status = statusOf(row({ lock, waiting: ['locked'] }));
      expect(statusPage(status)).toContain(`<br>${word}`);
      expect(statusPage(status)).not.toContain('<a ');
    }
  });

  it('never says "none" of drift that was not looked for, nor of health', () => {
    const unseen = statusLines(statusOf(row({ live: live(), drift: { compared: 0, objects: [] } })));
    expect(unseen.join('\n')).not.toContain('none');
    expect(statusMarkdown(statusOf(row({ live: live() })))).toContain(
      'succeeded<br>unknown<br>drift: unknown',
    );
  });

  it('counts the states, the worst first', () => {
    const states = ['fine', 'attention', 'unknown', 'fine', 'waiting'] as const;
    expect(statusTitle(statusOf(...states.map(state => row({ state }))))).toBe(
      'shop: 1 not known, 1 in need of attention, 1 waiting, 2 fine',
    );
  });

  it('links no run and no commit that the repository does not have', () => {
    for (const run of [
      'https://evil.example/actions/runs/1',
      `${REPOSITORY}/../../evil/x/actions/runs/1`,
      `${REPOSITORY}/actions/runs/1"onclick=x`,
      'javascript:alert(1)',
    ]) {
      const status = statusOf(row({ live: live({ run, commit: 'HEAD' }) }));
      expect(statusPage(status)).not.toContain('<a ');
      expect(statusMarkdown(status)).not.toContain('](');
    }
  });
});

describe('the page', () => {
  const hostile = row({
    formation: HOSTILE,
    attention: [HOSTILE],
    live: live({
      deploymentTag: HOSTILE,
      commit: HOSTILE,
      by: HOSTILE,
      why: HOSTILE,
      run: HOSTILE,
      since: HOSTILE,
    }),
    lock: { by: HOSTILE, since: HOSTILE, renewed: HOSTILE },
    hold: { by: HOSTILE, reason: HOSTILE, since: HOSTILE },
    drift: {
      compared: 1,
      objects: [
        {
          object: { apiVersion: 'v1', kind: HOSTILE, name: HOSTILE },
          ...{ change: 'changed', fields: [HOSTILE], by: [HOSTILE] },
        },
      ],
    },
    behind: {
      ...{ formation: HOSTILE, isBehind: true, count: 1 },
      ...{ commits: [{ sha: HOSTILE, title: HOSTILE }], pulls: [{ number: 1, title: HOSTILE }] },
      config: { commit: HOSTILE, isBehind: true, count: 2, commits: [{ sha: HOSTILE, title: HOSTILE }] },
    },
  });

  it('shows hostile text as text', () => {
    const page = statusPage({ ...statusOf(hostile), repository: HOSTILE });
    const tags = new Set([...page.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag = '']) => tag.toLowerCase()));
    expect([...tags].filter(tag => ['img', 'script', 'a'].includes(tag))).toEqual([]);
    expect(page.match(/<\/title>/g)).toHaveLength(1);
    expect(page).not.toContain('\u202e');
    const text = statusMarkdown({ ...statusOf(hostile), repository: HOSTILE });
    expect(text).not.toMatch(/<(?:img|script)|\]\(javascript/);
  });

  it('lets nothing load and nothing run, and its own style apply', () => {
    const page = statusPage(statusOf(row({ live: live() })));
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
    const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    expect(page).not.toMatch(/<script|<link|src=|@import|url\(|style="/);
  });
});
