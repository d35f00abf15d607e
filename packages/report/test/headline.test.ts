import { describe, expect, it } from '@jest/globals';
import { API_VERSION, type Plan, type Release, type Verdict } from '@slipway/core';
import { unwrittenMarkdown, verdictHeadline, writtenMarkdown } from '@slipway/report';

const HOSTILE = '<img src=x> | **bold** [x](https://evil.example) @acme\n\n# x';
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const RUN = 'https://github.com/acme/shop/actions/runs/12/attempts/1';
const run = { serverUrl: 'https://github.com', repository: 'acme/shop', sha: COMMIT };

const recorded = (kind: string, name: string, written: boolean) => ({
  ...{ apiVersion: 'v1', kind, namespace: 'shop', name, written },
});

const release: Release = {
  ...{ apiVersion: API_VERSION, kind: 'Release', manifests: [], seals: [], prune: 'after-success' },
  ...{ number: 7, application: 'shop', formation: 'production', destination: 'eu', namespace: 'shop' },
  ...{ deploymentTag: 'v12', actor: 'ada', reason: 'push of main', run: RUN, configRevision: COMMIT },
  created: '2026-11-20T09:59:40.000Z',
  applied: '2026-11-20T09:59:52.000Z',
  objects: [
    { ...recorded('ConfigMap', 'settings-1a2b3c', true), given: 'settings' },
    recorded('Deployment', 'api', true),
    recorded('Service', 'api', false),
  ],
  pending: [
    recorded('ConfigMap', 'flags', true),
    // An older version of what is still in the manifests, which has not left.
    { ...recorded('ConfigMap', 'settings-000000', true), given: 'settings' },
  ],
};

const verdict: Verdict = {
  ...{ apiVersion: API_VERSION, kind: 'Verdict', verdict: 'succeeded', objects: [] },
  ...{ application: 'shop', formation: 'production', destination: 'eu', namespace: 'shop' },
  ...{ release: 7, deploymentTag: 'v12', summary: '3 objects became ready' },
  started: '2026-11-20T10:00:00.000Z',
  finished: '2026-11-20T10:01:00.000Z',
};
/** A release that someone put back by hand. */
const restored: Release = {
  ...release,
  ...{ rollbackOf: 6, restores: 4, deploymentTag: 'v10', reason: 'orders are lost' },
};
const before = { number: 5, deploymentTag: 'v11' };

const plan: Plan = {
  ...{ apiVersion: API_VERSION, kind: 'Plan', application: 'shop', formation: 'production' },
  ...{ destination: 'eu', namespace: 'shop', method: 'dry-run' },
  changes: [{ object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings' }, action: 'create' }],
};
const logs = [{ job: 'migrate', container: 'main', text: 'table orders is missing\n' }];

const FACTS = [
  '- Release 7 in namespace <code>shop</code>; before it, release 5 (<code>v11</code>) succeeded\n',
  '- 2 of 3 objects written: <code>ConfigMap settings</code>, <code>Deployment api</code>; 1 object left the formation\n',
  '- Deployed by ada: push of main (written in 12 s, verified in 1 min 0 s)\n',
  `- [Run of deploy](${RUN}), commit [<code>0123456789ab</code>](https://github.com/acme/shop/commit/${COMMIT})\n\n`,
].join('');

describe('the headline of a release', () => {
  it('says what succeeded where, what it changed, by whom, why, how long it took, and where to read on', () => {
    expect(verdictHeadline(verdict, release, { before, run })).toBe(
      `## ✅ shop/production at eu: <code>v12</code> succeeded\n\n**3 objects became ready**\n\n${FACTS}`,
    );
  });

  it.each([
    ['failed', '❌ shop/production at eu: <code>v12</code> failed'],
    ['timed-out', '❌ shop/production at eu: <code>v12</code> was not ready in time'],
    ['superseded', '⏭️ shop/production at eu: <code>v12</code> was superseded by a newer release'],
    ['rollback-failed', '❌ shop/production at eu: <code>v12</code> failed, and so did its rollback'],
    // Another run closed its record; what this one saw may have been good.
    ['rolled-back', '↩️ shop/production at eu: <code>v12</code> was undone'],
  ] as const)('has the sign of its outcome: %s', (name, title) => {
    expect(verdictHeadline({ ...verdict, verdict: name }, release, { before, run })).toBe(
      `## ${title}\n\n**3 objects became ready**\n\n${FACTS}`,
    );
  });

  it('names the release that runs again', () => {
    const rolledBackTo = { release: 5, as: 8, deploymentTag: 'v11' };
    expect(verdictHeadline({ ...verdict, verdict: 'rolled-back', rolledBackTo }, release)).toMatch(
      /^## ↩️ shop\/production at eu: <code>v12<\/code> failed and was rolled back to <code>v11<\/code>\n/,
    );
  });

  describe('that someone put back', () => {
    const undone = { number: 6, deploymentTag: 'v11' };

    it('says so: from, to, who and why', () => {
      const text = verdictHeadline(verdict, restored, { before: undone, run });
      expect(text).toMatch(
        /^## ↩️ shop\/production at eu: rolled back from <code>v11<\/code> to <code>v10<\/code>\n/,
      );
      expect(text).toContain('\n- Release 7 in namespace <code>shop</code>: from release 6 to release 4\n');
      expect(text).toContain('\n- Rolled back by ada: orders are lost (written in 12 s,');
    });

    it('does not say twice by whom', () => {
      const text = verdictHeadline(verdict, { ...restored, reason: 'rolled back by ada' });
      expect(text).toContain('\n- Rolled back by ada (written in 12 s, ');
    });

    it('is told from others by its number where tags do not tell', () => {
      const titles = [undone.deploymentTag, 'v10', undefined].map(
        deploymentTag =>
          verdictHeadline(verdict, restored, { before: { number: 6, deploymentTag } }).split('\n')[0],
      );
      expect(titles.map(title => title?.split('eu: ')[1])).toEqual([
        'rolled back from <code>v11</code> to <code>v10</code>',
        'rolled back from release 6 (<code>v10</code>) to release 4 (<code>v10</code>)',
        'rolled back from release 6 to release 4 (<code>v10</code>)',
      ]);
    });

    it('is a failure if it fails', () => {
      expect(verdictHeadline({ ...verdict, verdict: 'failed' }, restored, { before: undone })).toMatch(
        /^## ❌ shop\/production at eu: rolling back from <code>v11<\/code> to <code>v10<\/code> failed\n/,
      );
    });
  });

  it('is shorter for what another tool applied, of which there is no record', () => {
    const { release: _, deploymentTag: __, ...seen } = verdict;
    expect(verdictHeadline({ ...seen, application: '', formation: '' }, undefined)).toBe(
      '## ✅ namespace shop: what was applied succeeded\n\n**3 objects became ready**\n\n- In namespace <code>shop</code> (verified in 1 min 0 s)\n\n',
    );
  });

  it('leaves out what is not known', () => {
    const { actor: _, run: __, configRevision: ___, applied: ____, pending: _____, ...bare } = release;
    expect(verdictHeadline(verdict, { ...bare, reason: '', objects: [] })).toContain(
      '**\n\n- Release 7 in namespace <code>shop</code>\n- 0 of 0 objects written\n- Deployed (verified in 1 min 0 s)\n\n',
    );
  });

  it('names a few objects, and says how many more there are', () => {
    const objects = Array.from({ length: 40 }, (_, index) => recorded('ConfigMap', `c-${index}`, index > 0));
    const text = verdictHeadline(verdict, {
      ...release,
      objects,
      pending: [recorded('Service', 'old', true)],
    });
    expect(text).toContain('\n- 39 of 40 objects written: <code>ConfigMap c-1</code>, ');
    expect(text).toContain('<code>ConfigMap c-8</code>, and 31 more; 1 object left');
  });

  it('links no other server, and no commit that is not the one of this run', () => {
    for (const address of [
      'https://evil.example/x',
      'https://github.com.evil.example/',
      'javascript:alert(1)',
    ]) {
      const text = verdictHeadline(
        verdict,
        { ...release, run: address, configRevision: 'f'.repeat(40) },
        { run },
      );
      expect(text).not.toContain('](');
      expect(text).toContain(', commit <code>ffffffffffff</code>\n');
    }
  });

  it('stays what it is, whatever a record says', () => {
    const { objects } = release;
    const record = {
      ...{ ...release, reason: HOSTILE, actor: HOSTILE, configRevision: HOSTILE, deploymentTag: HOSTILE },
      ...{ run: `https://github.com/${HOSTILE}`, application: HOSTILE, destination: HOSTILE },
      objects: objects.map(object => ({ ...object, name: HOSTILE, given: HOSTILE })),
    };
    const seen = { ...verdict, application: HOSTILE, deploymentTag: HOSTILE, summary: HOSTILE };
    const deployment = { release: record, logs: [{ job: HOSTILE, container: HOSTILE, text: HOSTILE }] };
    const problem = { code: 'x', message: HOSTILE, remedy: HOSTILE };
    for (const text of [
      verdictHeadline(seen, record, { before: { number: 5, deploymentTag: HOSTILE }, run }),
      verdictHeadline(seen, { ...record, restores: 4, rollbackOf: 5 }, { run }),
      writtenMarkdown(record, deployment),
      unwrittenMarkdown(deployment, problem),
    ]) {
      expect(text).not.toMatch(/<img|\*\*bold|\]\(|@acme|^# x/m);
      expect(text.match(/^#/gm)).toHaveLength(1);
    }
  });
});

describe('what deploy says', () => {
  it('is three lines for a release that was written, and no verdict', () => {
    const text = writtenMarkdown(release, { plan, release, logs });
    const [open = '', folded = ''] = text.split('<details><summary>The plan: ');
    expect(open).toBe(
      '### ⏳ shop/production at eu: <code>v12</code> written, not verified yet\n\n' +
        'Release 7 in namespace <code>shop</code>: 2 of 3 objects written in 12 s. Deployed by ada: push of main\n\n',
    );
    expect(folded).toMatch(
      /^1 to create &#40;by the server&#39;s dry run&#41;; what 1 Job logged<\/summary>/,
    );
    expect(folded).toContain('| <code>&#43;</code> | ConfigMap settings | create |  |');
    expect(folded).toContain('<pre>table orders is missing</pre>');
    expect(folded).toMatch(/<\/details>\s*<\/details>\n\n$/);
    expect(text).not.toMatch(/✅|succeeded/);
  });

  it('says of a rollback by hand that it is one', () => {
    expect(writtenMarkdown(restored, { undone: { number: 6, deploymentTag: 'v11' }, logs: [] })).toBe(
      '### ⏳ shop/production at eu: rollback from <code>v11</code> to <code>v10</code> written, not verified yet\n\n' +
        'Release 7 in namespace <code>shop</code>: 2 of 3 objects written in 12 s. Rolled back by ada: orders are lost\n\n',
    );
  });

  it('has the reason and the logs open for a release that stopped on its way', () => {
    const problem = { code: 'job-failed', message: 'Job shop/migrate failed', remedy: 'see its log' };
    const [open = '', folded = ''] = unwrittenMarkdown({ plan, release, logs }, problem).split('<details>');
    expect(open).toBe(
      '### ❌ shop/production at eu: <code>v12</code> begun as release 7, and not finished\n\n' +
        '**Job shop/migrate failed; see its log**\n\n' +
        '**The end of what Job migrate logged &#40;main&#41;**\n\n<pre>table orders is missing</pre>\n\n',
    );
    expect(folded).toMatch(
      /^<summary>The plan: 1 to create &#40;by the server&#39;s dry run&#41;<\/summary>/,
    );
  });

  it('has three logs open, and folds the others', () => {
    const many = Array.from({ length: 5 }, () => logs[0] as (typeof logs)[0]);
    const text = unwrittenMarkdown({ release, logs: many }, undefined);
    expect(text.match(/^\*\*The end/gm)).toHaveLength(3);
    expect(text.match(/<summary>The end/g)).toHaveLength(2);
  });

  it('says that nothing was written where that is so', () => {
    const problem = { code: 'x', message: 'refused', remedy: 'ask' };
    expect(unwrittenMarkdown({ plan, logs: [] }, problem).split('<details>')[0]).toBe(
      '### ❌ shop/production at eu: not deployed, no object of the release was written\n\n',
    );
  });

  it('is left to the errors where it is not known what was to be deployed', () => {
    expect(unwrittenMarkdown({ logs: [] }, undefined)).toBe('');
  });
});
