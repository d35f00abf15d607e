import { describe, expect, it } from '@jest/globals';
import { API_VERSION, type Plan, type PlannedChange } from '@slipway/core';
import { beyondLines, planLines, planMarkdown, planTitle, unwrittenMarkdown } from '@slipway/report';

const plan = (changes: Plan['changes'], notCompared?: number): Plan => ({
  apiVersion: API_VERSION,
  kind: 'Plan',
  application: 'shop',
  formation: 'live',
  destination: '',
  namespace: 'shop',
  method: 'dry-run',
  changes,
  ...(notCompared === undefined ? {} : { notCompared }),
});

const object = { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings' };

const against: NonNullable<Plan['against']> = {
  ...{ release: 41, deploymentTag: 'v41', configRevision: 'a'.repeat(40) },
  ...{ verdict: 'succeeded', verified: '2026-11-29T10:00:00Z', reproduced: true },
};

describe('a plan beside the release that the registry knows', () => {
  const since = (more: Partial<Plan>): Plan => ({ ...plan([]), method: 'trees', against, ...more });
  const { against: _known, ...unknown } = since({ unknown: 'the registry does not answer' });

  it.each<[string, Plan, string]>([
    ['finds nothing', since({}), 'the manifests do not change (without a cluster, beside release 41)'],
    [
      'could not reproduce that release',
      since({ against: { ...against, reproduced: false } }),
      'no change was found, which is not certain (without a cluster, beside release 41)',
    ],
    ['knows nothing', unknown, 'what changes is not known (without a cluster)'],
  ])('does not say that nothing changes if it %s', (_name, given, title) => {
    expect(planTitle(given)).toBe(title);
    expect(planMarkdown(given, 'Plan')).not.toMatch(/nothing (?:changes|to do)/i);
  });

  it('names the release, its commit and the images', () => {
    const digest = `sha256:${'b'.repeat(64)}`;
    const text = planMarkdown(since({ images: [{ service: 'api', after: digest }] }), 'Plan');
    expect(text).toContain('release 41');
    expect(text).toContain('aaaaaaaaaaaa');
    expect(text).toContain(`image api: nothing -&#62; ${digest}`);
  });

  it('says why it does not know', () => {
    expect(planMarkdown(unknown, 'Plan')).toContain('the registry does not answer');
  });
});

describe('what goes beyond the plan that was approved', () => {
  const beyond = (more: Partial<NonNullable<Plan['beyond']>>): Plan => ({
    ...plan([]),
    beyond: { plannedFrom: 41, changes: [], ...more },
  });

  it.each<[string, Plan, string[]]>([
    ['nothing where no plan was approved', plan([]), []],
    ['that no change is', beyond({}), ['Nothing beyond the plan that was approved']],
    [
      'that it is not known',
      beyond({ unknown: 'the registry does not answer' }),
      ['What this does beyond the plan that was approved is not known: the registry does not answer'],
    ],
    [
      'each object',
      beyond({ changes: [{ object, action: 'create' }] }),
      ['Beyond the plan that was approved: 1 object', '+ ConfigMap settings'],
    ],
  ])('is said: %s', (_name, given, lines) => {
    expect(beyondLines(given)).toEqual(lines);
  });

  it('is above the rest of the page of a deployment', () => {
    const page = unwrittenMarkdown({ plan: beyond({ unknown: 'no answer' }), logs: [] }, undefined);
    const [said, rest] = [page.indexOf('is not known: no answer'), page.indexOf('The plan:')];
    expect([said > 0, said < rest]).toEqual([true, true]);
  });
});

describe('the title of a plan', () => {
  it('says that there is nothing to do if there is no object', () => {
    expect(planTitle(plan([]))).toBe("nothing to do (by the server's dry run)");
  });

  it('does not say so of objects that the server refuses', () => {
    expect(planTitle(plan([], 2))).toBe("2 refused (by the server's dry run)");
    expect(planMarkdown(plan([], 2), 'Deploy')).not.toContain('Nothing changes');
  });

  it('counts them beside the others', () => {
    const changes = [{ object, action: 'unchanged' as const }];
    expect(planTitle(plan(changes, 1))).toBe("1 unchanged, 1 refused (by the server's dry run)");
  });

  it('show a text in quotes that would look like the number beside it', () => {
    const fields = [
      { pointer: '/spec/a', before: 1, after: '1' },
      { pointer: '/spec/b', before: 'true', after: true },
      { pointer: '/spec/c', before: 1, after: 'x' },
    ];
    expect(planLines(plan([{ object, action: 'change', fields }])).slice(1)).toEqual([
      '    /spec/a: 1 -> "1"',
      '    /spec/b: "true" -> true',
      '    /spec/c: 1 -> x',
    ]);
  });

  it('do not call an object unchanged that may not be read', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'token' };
    const unread: PlannedChange = {
      object: secret,
      action: 'unchanged',
      unread: true,
      note: 'not compared: no right',
    };
    expect(planTitle(plan([unread]))).toBe("1 not compared (by the server's dry run)");
    expect(planLines(plan([unread]))).toEqual(['? Secret shop/token (not compared: no right)']);
    expect(planMarkdown(plan([unread]), 'Plan')).toContain('<code>?</code>');
  });
});
