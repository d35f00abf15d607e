import { describe, expect, it } from '@jest/globals';
import type { JsonValue, SlipwayError } from '@slipway/core';
import {
  type Application,
  type Formation,
  type FormationSteps,
  isScheduledLook,
  type WorkflowSettings,
  workflowFiles,
} from '@slipway/workflows';
import { load } from 'js-yaml';
import { application, formation } from './support/applications.ts';
import { type Ended, type Ran, runJobs } from './support/run-jobs.ts';

const ONE_PAUSE: FormationSteps = { pauses: ['commit'], outlasts: false, notifies: false };
const TWO_PAUSES: FormationSteps = { pauses: ['qa', 'commit'], outlasts: true, notifies: true };

function production(steps: FormationSteps, more: Partial<Formation> = {}): Application {
  return application([
    formation('staging'),
    formation('production', { promotedFrom: 'staging', steps, ...more }),
  ]);
}

const WAVES: Partial<Formation> = {
  waves: [[{ name: 'eu', environment: 'production-eu' }], [{ name: 'us', environment: 'production-us' }]],
};

function textOf(app: Application, file: string, settings: Partial<WorkflowSettings> = {}): string {
  return workflowFiles(app, settings).find(({ path }) => path.endsWith(`/${file}`))?.text ?? '';
}

function pathsOf(app: Application): string[] {
  return workflowFiles(app).map(({ path }) => path.replace('.github/workflows/', ''));
}

const codesOf = (app: Application): string[] => {
  try {
    workflowFiles(app);
    return [];
  } catch (error) {
    return (error as SlipwayError).problems.map(({ code }) => code);
  }
};

const waiting = (pause: string, result: Ended['result'] = 'success'): Ended => ({
  result,
  outputs: { release: '42', 'waiting-for': pause, verdict: 'open' },
});
const SUCCEEDED: Ended = {
  result: 'success',
  outputs: { release: '42', 'waiting-for': '', verdict: 'succeeded' },
};
const PREPARED: Ended = {
  result: 'success',
  outputs: { tag: 'v1', digest: 'sha256:1', 'planned-from': '41' },
};
const NOT_APPROVED: Ended = { result: 'failure' };

describe('a promotion to one destination that pauses once', () => {
  const text = textOf(production(ONE_PAUSE), 'promote.yml');
  const run = (endings: Readonly<Record<string, Ended>>): ReadonlyMap<string, Ran> =>
    runJobs(text, { prepare: PREPARED, ...endings });

  it('starts, lets the reviewers of another environment decide, and goes on', () => {
    const ran = run({ promote: waiting('commit'), decide: SUCCEEDED });
    expect([...ran.keys()]).toEqual(['prepare', 'promote', 'decide']);
    expect(ran.get('promote')).toMatchObject({ environment: 'production', inputs: { 'may-wait': 'true' } });
    expect(ran.get('decide')).toMatchObject({
      environment: 'production-decide',
      inputs: { release: '42', decision: 'continue commit', formation: 'production' },
    });
    expect(ran.get('decide')?.inputs).not.toHaveProperty('may-wait');
  });

  const undone: Record<string, Ended> = {
    'the reviewers refuse, or do not answer in time': NOT_APPROVED,
    'the run is cancelled while it waits for them': { result: 'cancelled' },
  };
  it.each(Object.entries(undone))('takes the release back if %s', (_name, decide) => {
    expect(run({ promote: waiting('commit'), decide }).get('undo')).toMatchObject({
      environment: 'production-home',
      inputs: { release: '42', decision: 'reject', 'if-waiting-for': 'commit', reason: 'not approved' },
    });
  });

  const left: Record<string, Ended> = {
    'the release is committed at once, such as the first one': SUCCEEDED,
    'it was rolled back': { result: 'failure', outputs: { release: '42', 'waiting-for': '' } },
    'it could not be started': { result: 'failure' },
    'it waits for something else': waiting('time'),
  };
  it.each(Object.entries(left))('asks for no decision, and takes nothing back, if %s', (_name, promote) => {
    expect([...run({ promote }).keys()]).toEqual(['prepare', 'promote']);
  });

  it('names no release where GitHub dropped its number', () => {
    const dropped: Ended = { result: 'success', outputs: { 'waiting-for': 'commit' } };
    expect(run({ promote: dropped }).get('decide')?.inputs['release']).toBe('dropped-by-github');
  });

  it('makes no deployment of GitHub before it is committed', () => {
    const { jobs } = load(text) as { jobs: Record<string, { environment?: unknown; concurrency?: unknown }> };
    expect(jobs['promote']?.environment).toEqual({ name: 'production', deployment: false });
    expect(jobs['decide']?.environment).toEqual({ name: 'production-decide', deployment: false });
    expect(jobs['undo']?.environment).toEqual({ name: 'production-home', deployment: false });
    expect(text.match(/deployments: exact/g)).toHaveLength(3);
    expect(text).not.toContain('concurrency');
  });

  it('takes the environments by their plain names on Enterprise Server', () => {
    const server = textOf(production(ONE_PAUSE), 'promote.yml', { target: 'ghes' });
    expect(server).toContain('environment: production-decide\n');
    expect(server).not.toMatch(/deployment: false|deployments/);
  });

  it('may read approvals where it decides, and write issues only where someone is to be told', () => {
    expect(text).toMatch(/decide:\n.*\n {4}permissions: \{ contents: read, actions: read, [^}]*\}/);
    expect(text).not.toContain('issues');
    expect(textOf(production(TWO_PAUSES), 'promote.yml')).toContain('issues: write');
  });

  it('keeps its login under the name that the job has without steps', () => {
    expect(text).toContain('# slipway:login begin promote\n');
  });
});

describe('a release to several destinations that pauses twice', () => {
  const app = production(TWO_PAUSES, WAVES);
  const text = textOf(app, 'steps.yml');
  const given = { formation: 'production', destination: 'eu', environment: 'production-eu' };
  const run = (endings: Readonly<Record<string, Ended>>): ReadonlyMap<string, Ran> =>
    runJobs(text, endings, given);

  it('has the jobs of a destination in a file of their own, instead of that of waves', () => {
    expect(pathsOf(app)).toContain('steps.yml');
    expect(pathsOf(app)).not.toContain('wave.yml');
    const { jobs } = load(textOf(app, 'promote.yml')) as {
      jobs: Record<string, { uses?: string; needs?: unknown }>;
    };
    expect(jobs['wave-2']).toMatchObject({
      uses: './.github/workflows/steps.yml',
      needs: ['prepare', 'wave-1'],
    });
  });

  it('asks once for each pause, one after the other', () => {
    const ran = run({ start: waiting('qa'), 'decide-1': waiting('commit'), 'decide-2': SUCCEEDED });
    expect([...ran.keys()]).toEqual(['start', 'decide-1', 'decide-2']);
    expect(ran.get('decide-1')).toMatchObject({
      environment: 'production-eu-decide',
      inputs: { decision: 'continue qa', 'may-wait': 'true' },
    });
    expect(ran.get('decide-2')?.inputs['decision']).toBe('continue commit');
  });

  it('asks a release that skipped a pause for the one that it waits for', () => {
    expect(run({ start: waiting('commit') }).get('decide-1')?.inputs['decision']).toBe('continue commit');
  });

  it('is taken back from the pause that was not approved', () => {
    expect(run({ start: waiting('qa'), 'decide-1': NOT_APPROVED }).get('undo')?.inputs).toMatchObject({
      'if-waiting-for': 'qa',
    });
    const second = run({ start: waiting('qa'), 'decide-1': waiting('commit'), 'decide-2': NOT_APPROVED });
    expect(second.get('undo')?.inputs).toMatchObject({ 'if-waiting-for': 'commit' });
    expect(second.get('undo')?.environment).toBe('production-eu-home');
  });

  it('is not taken back for what it waits for by itself after an approval', () => {
    const ran = run({ start: waiting('qa'), 'decide-1': waiting('foreign-edit', 'failure') });
    // It does not wait for that any more, so nothing is done.
    expect(ran.get('undo')?.inputs['if-waiting-for']).toBe('qa');
  });

  it('lets no later wave begin while it is open', () => {
    expect(run({ start: waiting('time') }).has('committed')).toBe(true);
    expect(run({ start: waiting('qa'), 'decide-1': waiting('time') }).has('committed')).toBe(true);
    expect(run({ start: SUCCEEDED }).has('committed')).toBe(false);
    const through = { start: waiting('qa'), 'decide-1': waiting('commit'), 'decide-2': SUCCEEDED };
    expect(run(through).has('committed')).toBe(false);
  });
});

describe('releases in steps', () => {
  it('have a workflow that looks at them, and takes decisions', () => {
    expect(pathsOf(production(ONE_PAUSE))).toContain('progress.yml');
    expect(pathsOf(application([formation('staging')]))).not.toContain('progress.yml');
    const text = textOf(production(ONE_PAUSE, WAVES), 'progress.yml');
    expect(text).toMatch(/schedule: \[\{ cron: "\d+ \* \* \* \*" \}\]/);
    const { jobs } = load(text) as {
      jobs: { progress: { strategy: { matrix: { include: string } }; steps: { with?: object }[] } };
    };
    const { include } = jobs.progress.strategy.matrix;
    const [, table = ''] = /fromJSON\('(.*?)'\)/s.exec(include) ?? [];
    const targets = JSON.parse(table) as Record<string, object[]>;
    expect(targets['/']).toEqual([
      { formation: 'production', destination: 'eu', environment: 'production-eu-home' },
      { formation: 'production', destination: 'us', environment: 'production-us-home' },
    ]);
    expect(Object.keys(targets)).toEqual(['/', 'production/eu', 'production/us']);
    expect(jobs.progress.steps.at(-1)?.with).toMatchObject({ release: "${{ inputs.release || 'open' }}" });
  });

  const forms: Readonly<Record<string, Partial<WorkflowSettings>>> = {
    "in the team's own files": {},
    'with the name of the application before the file': { naming: 'prefixed' },
    'on Enterprise Server': { target: 'ghes' },
    'with signed records': { signing: 'record-key', deployments: 'exact' },
  };
  it.each(Object.entries(forms))(
    'are looked at on a schedule that deploy and doctor recognise, %s',
    (_, form) => {
      const files = workflowFiles(production(ONE_PAUSE), form);
      const looking = files.filter(({ text }) => isScheduledLook(load(text) as JsonValue));
      expect(looking.map(({ path }) => path)).toEqual([expect.stringMatching(/progress\.yml$/)]);
    },
  );

  it("are looked at all together by a workflow that calls an organisation's copy on a schedule, and gives it nothing", () => {
    const { on } = load(textOf(production(ONE_PAUSE), 'progress.yml', { form: 'shared' })) as {
      on: { workflow_call: { inputs: Record<string, { required?: boolean; description: string }> } };
    };
    const { inputs } = on.workflow_call;
    expect(Object.values(inputs).filter(({ required }) => required === true)).toEqual([]);
    expect(inputs['formation']?.description).toContain('A call on a schedule leaves it out, for all.');
  });

  it('that only bake stay in one job', () => {
    const baking: FormationSteps = { pauses: [], outlasts: false, notifies: false };
    const text = textOf(production(baking), 'promote.yml');
    expect(text).not.toMatch(/may-wait|decide|undo/);
    expect(text).toContain('environment: production\n');
  });

  it('that outlast a run may wait, and are not decided about in it', () => {
    const long: FormationSteps = { pauses: [], outlasts: true, notifies: false };
    const text = textOf(production(long), 'promote.yml');
    expect(text).toContain('may-wait: true');
    expect(text).not.toMatch(/decide|undo/);
  });

  it('are decided about by hand where no environment can ask', () => {
    const text = textOf(production(ONE_PAUSE, { waves: [[{ name: 'main' }]] }), 'promote.yml');
    expect(text).toContain('may-wait: true');
    expect(text).not.toMatch(/decide:|undo:|environment:/);
  });

  it('need an environment for each destination, or for none', () => {
    const waves = [[{ name: 'eu', environment: 'production-eu' }, { name: 'us' }]];
    expect(codesOf(production(ONE_PAUSE, { waves }))).toEqual(['workflow-environment-missing']);
  });

  it('are not decided about in the environment of a destination', () => {
    const waves = [[{ name: 'eu', environment: 'live' }], [{ name: 'us', environment: 'Live-Home' }]];
    expect(codesOf(production(ONE_PAUSE, { waves }))).toEqual(['workflow-environment-ambiguous']);
  });

  it('say which environments are needed, and who decides in them', () => {
    expect(textOf(production(ONE_PAUSE), 'promote.yml').split('\n')[1]).toContain(
      'For decisions: KUBECONFIG in production-decide, whose reviewers decide, and in production-home, with no reviewers and no timer.',
    );
  });
});
