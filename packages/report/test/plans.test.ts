import { describe, expect, it } from '@jest/globals';
import { API_VERSION, type Plan, type PlannedChange } from '@slipway/core';
import {
  adoptionLines,
  beyondLines,
  HOW_TO_ADOPT,
  planLines,
  planMarkdown,
  planTitle,
  stepsLines,
  unwrittenMarkdown,
} from '@slipway/report';

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

describe('a plan of a release in steps', () => {
  const api = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'api' };
  const steps: NonNullable<Plan['steps']> = {
    first: ['runs Job migrate-3f2a now; an undo does not take it back'],
    list: ['10 % for 10m', '50 % for 10m, then waits for commit'],
    workloads: [
      {
        object: api,
        pods: 4,
        copies: [
          { pods: 1, share: 20 },
          { pods: 4, share: 50 },
        ],
      },
    ],
    ordinary: [{ object: { ...api, name: 'db' }, reason: 'its strategy is Recreate' }],
    peak: { now: 4, most: 9, cpu: '500m' },
    notes: ['on-failure: rollback is not asked'],
  };

  it('begins with what is done at once and stays done', () => {
    const [first] = planMarkdown({ ...plan([]), steps }, 'Plan')
      .split('\n')
      .filter(line => line.startsWith('>'));
    expect(first).toContain('runs Job migrate-3f2a now; an undo does not take it back');
  });

  it('says who gets what share when, which workloads have no copy and why, and how much room is needed', () => {
    expect(stepsLines({ ...plan([]), steps })).toEqual([
      'runs Job migrate-3f2a now; an undo does not take it back',
      'In steps: 1. 10 % for 10m; 2. 50 % for 10m, then waits for commit',
      'Deployment shop/api: 4 pods now; its copy has 1 (20 %), 4 (50 %) of new connections',
      'Deployment shop/db has no copy: its strategy is Recreate',
      'At most 9 pods instead of 4, for which 500m cpu must be free',
      'on-failure: rollback is not asked',
    ]);
  });

  it('says that it is an ordinary release where nothing goes in steps', () => {
    const ordinary = { ...steps, workloads: [], ordinary: [{ object: api, reason: 'it is new' }], notes: [] };
    expect(stepsLines({ ...plan([]), steps: ordinary })).toEqual([
      'Not in steps, all users get it at once',
      'Deployment shop/api has no copy: it is new',
    ]);
    const reason = 'The release has no Deployment that could have a copy';
    expect(stepsLines({ ...plan([]), steps: { ...ordinary, ordinary: [], notes: [reason] } })).toEqual([
      'Not in steps, all users get it at once',
      reason,
    ]);
  });

  it('says first what would become of an open release', () => {
    const before = 'Release 7 is open: a deploy undoes it first, and its users get back what they had';
    expect(stepsLines({ ...plan([]), steps, before })[0]).toBe(before);
    expect(stepsLines({ ...plan([]), before })).toEqual([before]);
    expect(planMarkdown({ ...plan([]), before }, 'Plan')).toContain(`> ${before}`);
  });

  it('says nothing of steps where the formation has none', () => {
    expect(stepsLines(plan([]))).toEqual([]);
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

describe('what adopting would change', () => {
  const refused = (adoption: NonNullable<Plan['adoption']>): Plan => ({ ...plan([], 2), adoption });
  const taken: PlannedChange = { object, action: 'change', restarts: true, note: 'adopted, with its fields' };
  const title =
    "With adopt, which takes over what belongs to others: 1 to change, 1 whose pods restart (by the server's dry run)";

  it.each<[string, Plan, string[]]>([
    ['nothing where nothing belongs to others', plan([]), []],
    [
      'each object',
      refused({ changes: [taken] }),
      [title, '~ ConfigMap settings (restarts pods; adopted, with its fields)'],
    ],
    [
      'what would be refused all the same',
      refused({ changes: [], notCompared: 1, refusals: ['a field conflicts'] }),
      [
        "With adopt, which takes over what belongs to others: 1 refused (by the server's dry run)",
        'With adopt it would be refused: a field conflicts',
      ],
    ],
    [
      'that it is not known',
      refused({ changes: [], unknown: 'no answer' }),
      ['What adopt would change is not known: no answer'],
    ],
  ])('is said: %s', (_name, given, lines) => {
    expect(adoptionLines(given)).toEqual(lines);
  });

  it('is on the page of a refused release, with what to do, and in its plan', () => {
    const page = unwrittenMarkdown({ plan: refused({ changes: [taken] }), logs: [] }, undefined);
    const [open = '', folded = ''] = page.split('<details>');
    expect(open).toContain('1 to change, 1 whose pods restart');
    expect(open).toContain(HOW_TO_ADOPT.slice(0, 40));
    expect(folded).toContain('adopted, with its fields');
    expect(planMarkdown(refused({ changes: [], unknown: 'no answer' }), 'Plan')).toContain('no answer');
  });

  it('is not advised where it is not known', () => {
    const page = unwrittenMarkdown({ plan: refused({ changes: [], unknown: 'no' }), logs: [] }, undefined);
    expect(page).not.toContain(HOW_TO_ADOPT.slice(0, 40));
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
