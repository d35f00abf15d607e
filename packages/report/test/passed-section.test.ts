import { describe, expect, it } from '@jest/globals';
import { makeReport } from '@slipway/core';
import { reviewMarkdown, type ShownChange, type ShownTarget } from '../src/index.ts';

const LIMIT = 65_536;
const [BASE, OLD] = ['b'.repeat(40), 'a'.repeat(40)];
type Known = Extract<NonNullable<ShownTarget['passed']>, { isKnown: true }>;

function changeOf(name: string, namespace: string, fields: number, after: unknown = 3): ShownChange {
  return {
    object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name },
    ...{ action: 'change', restarts: false },
    fields: Array.from({ length: fields }, (_, index) => ({ path: `spec.field${index}`, before: 1, after })),
  };
}

const passed = (changes: readonly ShownChange[], others: Partial<Known> = {}): Known => ({
  ...{ isKnown: true, deploymentTag: 'v1', verified: '2026-11-20T08:00:00Z', revision: OLD },
  lineage: { relation: 'behind', behind: 3, ahead: 0 },
  ...{ changes, uncompared: [] },
  ...others,
});

function target(name: string, state: ShownTarget['passed']): ShownTarget {
  const namespace = name.replace('/', '-');
  return {
    ...{ name, namespace, equal: 3, ignored: 0, changes: [changeOf('api', namespace, 1)] },
    report: makeReport([], 4),
    ...(state === undefined ? {} : { passed: state }),
  };
}

function page(targets: readonly ShownTarget[], limit = LIMIT): string {
  const compareUri = (one: string, other: string) => `https://github.com/acme/shop/compare/${one}...${other}`;
  const review = {
    application: 'shop',
    targets,
    ...{ removed: [], moved: [], settings: [] },
    base: BASE,
    limits: ['It is not known what runs.'],
  };
  return reviewMarkdown(review, { compareUri }, limit);
}

const behind = (name: string, after: unknown = 3, fields = 1): ShownTarget =>
  target(name, passed([changeOf('web', name.replace('/', '-'), fields, after)]));

describe('what else is released with a pull request', () => {
  it('is written once for destinations at which the same is to come', () => {
    const text = page([behind('production/eu'), behind('production/us'), behind('staging/main', 4)]);
    expect(text).toContain(
      `<code>production</code> is 3 commits behind the base: the next release with this pull request also changes Deployment web there (last passed: <code>v1</code>, commit [<code>${OLD.slice(0, 12)}</code>](https://github.com/acme/shop/compare/${OLD}...${BASE}), 2026-11-20).`,
    );
    expect(text.match(/also changes/g)).toHaveLength(2);
    expect(text.match(/what else changes in/g)).toHaveLength(2);
  });

  it('counts many objects and workloads whose pods restart', () => {
    const changes = ['a', 'b', 'c', 'd'].map(name => ({
      ...changeOf(name, 'production-eu', 1),
      restarts: name < 'c',
    }));
    expect(page([target('production/eu', passed(changes))])).toContain(
      'also changes 4 objects, which restarts pods of 2 workloads, there',
    );
  });

  it('names few of the services whose images wait to be promoted', () => {
    const services = Array.from({ length: 40 }, (_, index) => `service-${index}`);
    const promotion = { from: 'staging', deploymentTag: 'v2', isOlder: false, services };
    const text = page([target('production/eu', passed([], { promotion }))]);
    expect(text).toContain('with other images of <code>service-0</code>,');
    expect(text).toContain('<code>service-5</code> and 34 more services.');
  });

  it('has no heading where nothing else changes', () => {
    const text = page([target('production/eu', passed([]))]);
    expect(text).toContain('is 3 commits behind the base: nothing else changes there');
    expect(text).not.toContain('####');
  });

  it('is not said to be nothing where something was not compared', () => {
    const text = page([target('production/eu', passed([], { uncompared: ['the values <b>'] }))]);
    expect(text).toContain('nothing else is known to change there');
    expect(text).toContain('Not compared: the values &#60;b&#62;.');
  });

  it('is not mentioned where it was not asked', () => {
    expect(page([target('production/eu', undefined)])).not.toContain('release');
  });

  it('is said not to be known, once for each reason, however short the page has to be', () => {
    const why = 'the registry <b>refuses</b> @acme';
    const names = ['production/eu', 'production/us', 'staging/main'];
    const text = page(
      names.map(name => target(name, { isKnown: false, why })),
      10,
    );
    expect(text.match(/is not known: /g)).toHaveLength(1);
    expect(text).toContain('released with it in production, staging, since something last passed there');
    expect(text).not.toContain('<b>');
    expect(text).not.toContain('@acme');
  });

  it('counts reasons beyond the first', () => {
    const targets = Array.from({ length: 30 }, (_, index) =>
      target(`region-${index}/main`, { isKnown: false, why: `reason ${index}` }),
    );
    expect(page(targets)).toContain('Nor is it known for 25 more destinations, as the log explains.');
  });

  it('is shortened before what the pull request itself changes, and says where it is', () => {
    const targets = Array.from({ length: 30 }, (_, index) => behind(`region-${index}/main`, index, 40));
    const own = '- spec.field0: 1\n+ spec.field0: 3\n';
    expect(page(targets)).toContain(own);
    for (const limit of [30_000, 8_000, 3_000]) {
      const text = page(targets, limit);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
      expect(text).toContain(own);
    }
    expect(page(targets, 3_000)).toContain('It is in the summary of the run.');
    expect(page(targets, 30_000)).toContain('…and 10 more groups of destinations.');
  });

  it('says how many have no more to say, and where what was cut is', () => {
    const same = Array.from({ length: 30 }, (_, index) =>
      target(`region-${index}/main`, passed([], { deploymentTag: `v${index}` })),
    );
    expect(page(same)).toContain('…and 10 more groups of destinations.');
    const short = page(same, 2_000);
    expect(short).toContain('What last passed in 30 destinations is in the summary of the run.');
    expect(short).not.toContain('more groups');
  });

  it('leaves out a day that is not one', () => {
    const text = page([target('production/eu', passed([], { verified: '<img src=x>' }))]);
    expect(text).not.toContain('img');
  });
});
