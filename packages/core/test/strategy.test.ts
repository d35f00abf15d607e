import { describe, expect, it } from '@jest/globals';
import {
  type JsonValue,
  leftAlone,
  parseFormation,
  parseStrategy,
  SlipwayError,
  type StepStrategy,
  stepsOf,
  strategyWarnings,
} from '../src/index.ts';
import { documentOf } from './document-of.ts';

const canary = [
  { weight: 10, bake: '10m' },
  { weight: 50, bake: '10m' },
];

/** Each problem of a strategy in a formation as `pointer: code: message; remedy`. */
function problemsOf(strategy: JsonValue): string[] {
  const formation = {
    apiVersion: 'slipway.dev/v1',
    kind: 'Formation',
    metadata: { name: 'live' },
    spec: { destinations: { eu: { namespace: 'shop' } }, strategy },
  };
  return thrown(() => parseFormation(documentOf(formation, 'live.yaml')));
}

function thrown(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return error.problems.map(
      ({ at, code, message, remedy }) =>
        `${at?.path.replace('live.yaml#', '').replace('/spec/strategy', '')}: ${code}: ${message}; ${remedy}`,
    );
  }
  return [];
}

const steps = (...list: JsonValue[]): JsonValue => ({ steps: list });

describe('a strategy', () => {
  const accepted: Record<string, JsonValue> = {
    'of a canary': steps(...canary),
    'of blue/green': steps({ weight: 0, pause: 'qa' }, { weight: 100, bake: '20m' }),
    'of a dark launch': steps({ weight: 0, pause: 'qa' }),
    none: 'none',
    'with all that there is': {
      workloads: ['api', { name: 'mailer', 'takes-work': true }],
      steps: [
        { weight: 20, bake: '10m' },
        { weight: 50, bake: '10m', pause: 'commit', unwatched: true, by: ['@acme/release'], not: 'actor' },
      ],
      'warm-up': '2m',
      drain: '10s',
      'on-inconclusive': 'reject',
      'while-open': 'refuse',
      attend: '20m',
      expires: '24h',
      balancer: 'addresses',
      notify: ['@acme/operators', 'ada'],
    },
    'whose bakes fit into attend between two pauses': {
      attend: '20m',
      steps: [
        { weight: 5, bake: '20m', pause: 'look' },
        { weight: 50, bake: '20m' },
      ],
    },
  };
  it.each(Object.entries(accepted))('%s is taken', (_name, strategy) => {
    expect(problemsOf(strategy)).toEqual([]);
  });

  const refused: Record<string, readonly [strategy: JsonValue, told: string, ...more: string[]]> = {
    'without steps': [{ drain: '1s' }, ': format-invalid: "spec.strategy" lacks "steps"; add it'],
    'with no step': [steps(), '/steps: format-invalid: "spec.strategy.steps" must have at least 1 item'],
    'of another word': ['non', ': format-invalid: "spec.strategy" is "non"; expected: none, or the steps'],
    'without a weight': [
      steps({ bake: '10m' }),
      '/steps/0: format-invalid: "spec.strategy.steps.0" lacks "weight"; add it',
    ],
    'whose weights fall': [
      steps({ weight: 20 }, { weight: 10 }),
      '/steps/1/weight: strategy-invalid: step 2 has the weight 10, and the one before it has 20; let the weights rise',
    ],
    'whose weights stay': [
      steps({ weight: 20, bake: '1m' }, { weight: 20 }),
      '/steps/1/weight: strategy-invalid: step 2 has the weight 20, and the one before it has 20',
    ],
    'of more than all': [
      steps({ weight: 101 }),
      '/steps/0/weight: strategy-invalid: step 1 has the weight 101; a weight is a percentage: 0, 1 to 50, or 100',
    ],
    'of less than nothing': [
      steps({ weight: -1 }),
      '/steps/0/weight: strategy-invalid: step 1 has the weight -1;',
    ],
    'with a percent sign': [
      steps({ weight: '5%' }),
      '/steps/0/weight: format-invalid: "spec.strategy.steps.0.weight" must be a whole number; write 5',
    ],
    'with half a percent': [
      steps({ weight: 0.5 }),
      '/steps/0/weight: format-invalid: "spec.strategy.steps.0.weight" must be a whole number',
    ],
    'of 51': [
      steps({ weight: 51 }),
      '/steps/0/weight: strategy-invalid: step 1 has the weight 51, and a Service gives each pod the same share',
    ],
    'of 99, and nothing follows from it for the next': [
      steps({ weight: 99 }, { weight: 20 }),
      '/steps/0/weight: strategy-invalid: step 1 has the weight 99',
    ],
    'that pauses twice for one thing': [
      steps({ weight: 5, pause: 'qa' }, { weight: 10, pause: 'qa' }),
      '/steps/1/pause: strategy-invalid: steps 1 and 2 both pause for "qa"; a decision names its pause',
    ],
    'with a pause that is not a slug': [
      steps({ weight: 5, pause: 'Go live!' }),
      '/steps/0/pause: strategy-invalid: the pause "Go live!" cannot be named in a decision; use a-z',
    ],
    'with a pause that is a duration': [
      steps({ weight: 5, pause: { duration: '10m' } }),
      '/steps/0/pause: format-invalid: "spec.strategy.steps.0.pause" must be text; give the pause a name',
    ],
    'with times without a unit': [
      { steps: [{ weight: 5, bake: 10 }], drain: 10 },
      '/steps/0/bake: format-invalid: "spec.strategy.steps.0.bake" must be text; write a duration such as 10m, with its unit',
      '/drain: format-invalid: "spec.strategy.drain" must be text; write a duration such as 10m, with its unit',
    ],
    'with a pause called hold': [
      steps({ weight: 5, pause: 'hold' }),
      '/steps/0/pause: strategy-invalid: a pause is called "hold", which is what freezes a formation',
    ],
    'that decides where nothing waits': [
      steps({ weight: 5, by: ['@ada'], not: 'actor' }),
      '/steps/0/by: strategy-invalid: step 1 says "by" of a decision, and does not pause; add pause',
      '/steps/0/not: strategy-invalid: step 1 says "not" of a decision',
    ],
    'decided by what GitHub cannot have': [
      steps({ weight: 5, pause: 'qa', by: ['everyone!'] }),
      '/steps/0/by/0: format-invalid: "spec.strategy.steps.0.by.0" is "everyone!"; expected: a user of GitHub',
    ],
    'of an unknown field': [
      { steps: canary, atend: '1m' },
      'key:/atend: format-unknown-field: unknown field "atend"; did you mean "attend"?',
    ],
    'that names a workload twice': [
      { workloads: ['api', { name: 'api' }], steps: canary },
      '/workloads/1: strategy-invalid: the workload "api" is named twice; keep one',
    ],
    'that names a worker without a name': [
      { workloads: [{ 'takes-work': true }], steps: canary },
      '/workloads/0: format-invalid: "spec.strategy.workloads.0" lacks "name"; add it',
    ],
    'of a worker that would get all': [
      { workloads: [{ name: 'mailer', 'takes-work': true }], steps: [{ weight: 100 }] },
      '/steps/0/weight: strategy-invalid: the weight 100 is not possible with "mailer", which takes its work itself',
    ],
    'of a worker that would get nothing': [
      { workloads: [{ name: 'mailer', 'takes-work': true }], steps: [{ weight: 0, pause: 'qa' }] },
      '/steps/0/weight: strategy-invalid: "mailer" takes its work itself, so it has no copy at a weight of 0',
    ],
    'whose bakes outlast attend': [
      { attend: '15m', steps: canary },
      '/steps/1: strategy-unwatched: step 2 outlasts attend (steps 1 to 2 bake for 20m, and a run stays for 15m): 50 % of the connections',
    ],
    'that waits with half of the users': [
      steps({ weight: 50, pause: 'commit' }),
      '/steps/0: strategy-unwatched: step 1 waits for commit: 50 % of the connections would go to the new version while no run looks at it; add unwatched: true if that is meant; a weight of 10 does not need it, where stable has 9 pods',
    ],
    'that warms up for the whole bake': [
      { 'warm-up': '2m', steps: [{ weight: 5, bake: '2m' }] },
      '/steps/0/bake: strategy-invalid: step 1 bakes for 2m, and its first 2m (warm-up) are left out',
    ],
    'that drains for longer than anything outside does': [
      { drain: '100h', steps: canary },
      '/drain: strategy-invalid: drain is 100h, and whatever takes a release back waits for it, each time; write at most 1h',
    ],
    'that is empty': [
      null,
      ': format-invalid: "spec.strategy" must be text or a map; write the steps, such as steps: [{weight: 20',
    ],
    'with one name where there may be several': [
      { workloads: 'api', notify: '@acme/operators', steps: canary },
      '/workloads: format-invalid: "spec.strategy.workloads" must be a list; write a list: [api]',
      '/notify: format-invalid: "spec.strategy.notify" must be a list; write a list: ["@acme/operators"]',
    ],
    'that another than the actor must not decide': [
      steps({ weight: 5, pause: 'qa', not: 'reviewer' }),
      '/steps/0/not: format-invalid: "spec.strategy.steps.0.not" must be actor',
    ],
    'that expires before it is through': [
      { expires: '20m', steps: canary },
      '/expires: strategy-invalid: the steps bake for 20m altogether, and a release is undone after 20m (expires)',
    ],
    'with a time that does not end': [
      { attend: '999999999999h', steps: canary },
      '/attend: format-invalid: "spec.strategy.attend" is "999999999999h"; expected: a duration such as 20m',
    ],
  };
  it.each(Object.entries(refused))('%s is refused', (_name, [strategy, ...told]) => {
    expect(problemsOf(strategy)).toEqual(told.map(text => expect.stringContaining(text)));
  });

  it.each(['time', 'stable', 'step-2', 'commit-refused', 'foreign-edit'])(
    'does not pause for "%s", which a release waits for by itself',
    pause => {
      expect(problemsOf(steps({ weight: 5, pause }))).toEqual([
        expect.stringContaining(`/steps/0/pause: strategy-invalid: a pause is called "${pause}"`),
      ]);
    },
  );

  it.each([
    ['route', 'routes come later'],
    ['patches', 'come later'],
    ['match', '<service>-next'],
    ['labels', 'slipway.dev/track'],
    ['compare-with', 'compared with the pods that serve beside it'],
  ])('says what is there instead of "%s"', (field, instead) => {
    expect(problemsOf({ steps: canary, [field]: {} })).toEqual([
      expect.stringMatching(new RegExp(`^key:/${field}: format-unknown-field: .*${instead}`)),
    ]);
  });

  it.each([
    ['setWeight', 'use weight'],
    ['hold', 'use pause'],
    ['match', '<service>-next'],
  ])('says what is there instead of "%s" in a step', (field, instead) => {
    expect(problemsOf(steps({ weight: 5, [field]: 5 }))).toEqual([expect.stringContaining(instead)]);
  });
});

describe('the strategy of an input', () => {
  it('is held to the same rules, with its own positions', () => {
    const document = documentOf({ steps: [{ weight: 60, route: {} }] }, 'input');
    expect(thrown(() => parseStrategy(document))).toEqual([
      'input#key:/steps/0/route: format-unknown-field: unknown field "route"; remove it: routes come later, and until then the share follows from the pods that a Service selects',
    ]);
    expect(thrown(() => parseStrategy(documentOf(steps({ weight: 60 }), 'input')))).toEqual([
      expect.stringContaining('input#/steps/0/weight: strategy-invalid'),
    ]);
  });

  it('may be none', () => {
    expect(thrown(() => parseStrategy(documentOf({ strategy: steps({ weight: 5 }) }, 'input')))).toEqual(
      expect.arrayContaining([
        expect.stringContaining('unknown field "strategy"; write what is below it, without the key'),
      ]),
    );
    expect(stepsOf(parseStrategy(documentOf('none', 'input')))).toBeUndefined();
  });
});

describe('the warnings of a strategy', () => {
  const warnings = (strategy: StepStrategy): string[] =>
    strategyWarnings({ strategy, positionOf: path => ({ path: path.join('/'), line: 1, column: 1 }) }).map(
      ({ at, message }) => `${at?.path}: ${message}`,
    );

  it('name a run that stays for longer than a hosted job lasts', () => {
    expect(warnings({ steps: canary, attend: '7h' })).toEqual([
      'attend: attend is 7h, and a job on a hosted runner of GitHub ends after 6h',
    ]);
    expect(warnings({ steps: canary, attend: '6h' })).toEqual([]);
  });

  it('name the first bake that no run watches to its end', () => {
    const long = [
      { weight: 5, bake: '15m' },
      { weight: 10, bake: '15m' },
    ];
    expect(warnings({ steps: long })).toEqual([
      'steps/1/bake: step 2 outlasts attend (steps 1 to 2 bake for 30m, and a run stays for 20m), so that the release then waits for time',
    ]);
  });
});

describe('what leaves a step alone', () => {
  it('is its pause, or a bake that a run does not stay for, counted from the last pause', () => {
    const strategy: StepStrategy = {
      steps: [
        { weight: 5, bake: '15m', pause: 'look' },
        { weight: 10, bake: '15m' },
        { weight: 50, bake: '10m' },
      ],
    };
    expect(strategy.steps.map((_step, index) => leftAlone(strategy, index))).toEqual([
      'waits for look',
      undefined,
      'outlasts attend (steps 2 to 3 bake for 25m, and a run stays for 20m)',
    ]);
  });
});
