import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ApplicationStatus, DestinationStatus } from '@slipway/core';
import {
  alikeLines,
  instancesLines,
  statusLines,
  statusMarkdown,
  statusPage,
  statusTitle,
} from '@slipway/report';

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

describe('destinations that are alike', () => {
  const latest = {
    ...{ deploymentTag: 'v5', configCommit: COMMIT, destination: 'eu', since: '2026-11-28T10:05:00Z' },
  };
  const compared = (
    changes: Partial<NonNullable<ApplicationStatus['alike']>[number]>,
  ): ApplicationStatus => ({
    ...statusOf(row()),
    alike: [{ formation: 'production', latest, alike: ['eu', 'us'], different: [], unknown: [], ...changes }],
  });

  it('are said in one sentence, in the log, the summary and the page', () => {
    const status = compared({});
    const sentence =
      'production: 2 of 2 destinations run the latest release, v5 with the configuration of commit aaaaaaaaaaaa';
    expect(alikeLines(status)).toEqual([sentence]);
    for (const text of [statusMarkdown(status), statusPage(status)]) expect(text).toContain(`${sentence}.`);
  });

  it('are followed by those that differ, and those that are not known, with the reason', () => {
    const status = compared({
      different: [{ destination: 'ap', how: ['runs v4 (release 4) and not v5', HOSTILE] }],
      unknown: [{ destination: 'sa', why: ['it does not answer'], how: ['runs v3 (release 3) and not v5'] }],
    });
    expect(alikeLines(status)).toEqual([
      expect.stringMatching(/^production: 2 of 4 destinations run .*; 1 differs; 1 is not known$/),
      expect.stringMatching(/^ {2}different: production\/ap: runs v4 \(release 4\) and not v5; /),
      '  unknown: production/sa: runs v3 (release 3) and not v5; it does not answer',
    ]);
    for (const text of [statusMarkdown(status), statusPage(status)]) {
      expect(text).toContain('<code>production/ap</code> different');
      expect(text).not.toContain('<img');
    }
  });

  it('are not claimed where the latest release is not known', () => {
    const { alike: [one] = [], ...others } = compared({
      alike: [],
      unknown: [{ destination: 'eu', why: ['x'] }],
    });
    const { latest: _, ...without } = one ?? { formation: '', alike: [], different: [], unknown: [] };
    expect(alikeLines({ ...others, alike: [without] })[0]).toBe(
      'production: which release is the latest is not known',
    );
  });
});

describe('the instances of a spawned formation', () => {
  const place = { formation: 'preview', destination: 'dev', namespace: 'previews', atMost: 8 };
  const instance = {
    ...{ instance: 'preview-7', key: '7', pull: 7, repository: 'acme/shop' },
    ...{ created: '2026-11-28T10:05:00Z', expires: '2026-11-30T10:05:00Z' },
  };
  const withInstances = (instances: NonNullable<ApplicationStatus['instances']>): ApplicationStatus => ({
    ...statusOf(row()),
    instances,
  });

  it('are listed with what they run and until when, and count in nothing', () => {
    const live = { release: 3, deploymentTag: 'pr-7-v1', verdict: 'succeeded' as const };
    const { pull: _, ...branch } = { ...instance, instance: 'preview-login', key: 'login' };
    const status = withInstances([
      {
        ...place,
        instances: [
          { ...instance, live, url: 'https://pr-7.preview.acme.io' },
          { ...branch, expires: '2026-11-29T11:00:00Z' },
          { ...instance, live: { release: 4 }, isEnding: true },
          { ...instance, unknown: ['it may not be read'] },
        ],
        broken: ['slipway.shop.preview-9.room'],
      },
    ]);
    expect(instancesLines(status)).toEqual([
      'preview/dev, namespace previews: 4 instances of at most 8',
      '  preview-7: of pull request 7, release 3 (pr-7-v1) succeeded, until 2026-11-30 10:05 UTC, https://pr-7.preview.acme.io',
      '  preview-login: for the branch with the key login, without a release, expired at 2026-11-29 11:00 UTC and not removed yet',
      '  preview-7: of pull request 7, release 4 open, being removed',
      '  preview-7: of pull request 7, release not known: it may not be read, until 2026-11-30 10:05 UTC',
      '  slipway.shop.preview-9.room: a Lease that does not say for whom it keeps room',
    ]);
    expect(statusTitle(status)).toBe('shop: 1 fine');
    expect(statusMarkdown(status)).toContain(`](${REPOSITORY}/pull/7): of pull request 7`);
    expect(statusPage(status)).toContain(`<a href="${REPOSITORY}/pull/7"`);
  });

  it('are not known where they could not be listed, which is not the same as none', () => {
    const unknown = ['listing Leases in namespace previews is forbidden'];
    const status = withInstances([
      { ...place, unknown },
      { ...place, instances: [] },
    ]);
    const sentences = [
      `preview/dev, namespace previews: which instances there are is not known: ${unknown[0]}`,
      'preview/dev, namespace previews: 0 instances of at most 8',
    ];
    expect(instancesLines(status)).toEqual(sentences);
    for (const sentence of sentences) {
      expect(statusMarkdown(status)).toContain(`${sentence}.`);
      expect(statusPage(status)).toContain(`<p>${sentence}.</p>`);
    }
  });

  it('say nothing that is markup, whoever wrote the Lease', () => {
    const hostile = { instance: HOSTILE, key: HOSTILE, repository: HOSTILE, url: HOSTILE };
    const live = { release: 1, deploymentTag: HOSTILE };
    const status = withInstances([
      {
        ...place,
        instances: [{ ...hostile, created: HOSTILE, expires: HOSTILE, live, unknown: [HOSTILE] }],
        broken: [HOSTILE],
      },
      { ...place, unknown: [HOSTILE] },
    ]);
    expect(statusPage(status)).not.toMatch(/<img|<script|<\/title>.*<\/title>/s);
    expect(statusMarkdown(status)).not.toMatch(/<img|<script|\]\(javascript/);
    for (const line of instancesLines(status)) expect(line).not.toMatch(/[\n\u202e]/);
  });
});
