import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import type { InputReader, Runner } from '@slipway/github';
import { fakeRunner, inputsOf } from '@slipway/github/testing';
import { inputName } from '../src/names.ts';
import { readInputs, run } from '../src/run.ts';
import type { Step, StepName } from '../src/steps.ts';

/** A step that notes the inputs it ran with, and leaves outputs. */
function step(
  name: StepName,
  ran: Record<string, Record<string, string>>,
  inputs: readonly string[],
  outputs: Record<string, string> = {},
  failure?: string,
): Step {
  return {
    name,
    module: {
      readInputs: (reader: InputReader) =>
        Object.fromEntries(inputs.map(input => [input, reader.required(input)])),
      async run(read, runner: Runner) {
        ran[name] = read as Record<string, string>;
        for (const [output, value] of Object.entries(outputs)) runner.setOutput(output, value);
        if (failure !== undefined) throw new SlipwayError({ code: 'step-failed', message: failure });
      },
    },
  };
}

function pipeline(
  ran: Record<string, Record<string, string>>,
  failing: Partial<Record<StepName, string>> = {},
) {
  const steps = {
    build: step('build', ran, ['application'], { snapshot: '/tmp/snapshot.json' }, failing.build),
    render: step(
      'render',
      ran,
      ['snapshot', 'formation'],
      { manifests: '/tmp/tree', digest: 'sha256:1' },
      failing.render,
    ),
    check: step('check', ran, ['manifests'], { verdict: 'passed' }, failing.check),
    plan: step('plan', ran, ['manifests', 'digest'], {}, failing.plan),
    deploy: step('deploy', ran, ['manifests', 'digest', 'timeout'], { release: '7' }, failing.deploy),
    verify: step('verify', ran, ['release', 'timeout'], { verdict: 'succeeded' }, failing.verify),
  };
  return (name: StepName): Promise<Step> => Promise.resolve(steps[name]);
}

const given = {
  INPUT_APPLICATION: 'slipway.yaml',
  INPUT_FORMATION: 'staging',
  'INPUT_DEPLOY-TIMEOUT': '5m',
  'INPUT_VERIFY-TIMEOUT': '10m',
};

describe('the pipeline as one step', () => {
  it('deploys to one destination, and renders and plans several', () => {
    const several = { destination: 'eu, us' };
    expect(inputsOf(readInputs, { ...several, steps: 'render, plan' })).toEqual({
      steps: ['render', 'plan'],
    });
    expect(() => inputsOf(readInputs, several)).toThrow(
      'input "destination" names several, and these steps work on one; use the actions deploy and verify-rollout for several',
    );
  });

  it('hands on what each step leaves, and tells apart what two steps call the same', async () => {
    const ran = {};
    const runner = fakeRunner({ environment: given });
    await run(inputsOf(readInputs, {}), runner, pipeline(ran));
    expect(ran).toEqual({
      build: { application: 'slipway.yaml' },
      render: { snapshot: '/tmp/snapshot.json', formation: 'staging' },
      check: { manifests: '/tmp/tree' },
      deploy: { manifests: '/tmp/tree', digest: 'sha256:1', timeout: '5m' },
      verify: { release: '7', timeout: '10m' },
    });
    expect(runner.outputs).toMatchObject({
      'check-verdict': 'passed',
      'verify-verdict': 'succeeded',
      release: '7',
    });
    expect(runner.outputs).not.toHaveProperty('verdict');
  });

  it('tells what is wrong with every step before the first one runs', async () => {
    const ran = {};
    const failure = run(inputsOf(readInputs, {}), fakeRunner(), pipeline(ran));
    await expect(failure).rejects.toMatchObject({
      problems: ['application', 'formation', 'deploy-timeout', 'verify-timeout'].map(name => ({
        code: 'input-missing',
        message: `input "${name}" is missing`,
      })),
    });
    expect(ran).toEqual({});
  });

  it('lets no step run where a later one finds that it could not', async () => {
    const ran = {};
    const steps = pipeline(ran);
    const checked = async (name: StepName): Promise<Step> => {
      const found = await steps(name);
      if (name !== 'deploy') return found;
      const check = () =>
        Promise.reject(new SlipwayError({ code: 'kubeconfig-missing', message: 'there is no kubeconfig' }));
      return { ...found, module: { ...found.module, check } };
    };
    const failure = run(inputsOf(readInputs, {}), fakeRunner({ environment: given }), checked);
    await expect(failure).rejects.toThrow('there is no kubeconfig');
    expect(ran).toEqual({});
  });

  it('stops at the step that failed', async () => {
    const ran = {};
    const failure = run(
      inputsOf(readInputs, {}),
      fakeRunner({ environment: given }),
      pipeline(ran, { check: 'two findings' }),
    );
    await expect(failure).rejects.toThrow('two findings');
    expect(Object.keys(ran)).toEqual(['build', 'render', 'check']);
  });

  it('verifies a release that deploy began and could not finish, and tells both', async () => {
    const ran = {};
    const steps = pipeline(ran, { deploy: 'the server refused it', verify: 'rolled back' });
    const failure = run(inputsOf(readInputs, {}), fakeRunner({ environment: given }), steps);
    await expect(failure).rejects.toThrow('the server refused it\nrolled back');
    expect(ran).toHaveProperty('verify', { release: '7', timeout: '10m' });
  });

  it('does not verify after a plan, which leaves no release', async () => {
    const ran = {};
    const steps = pipeline(ran);
    const planned = step('deploy', ran, ['manifests'], { plan: '/tmp/plan.json' });
    const load = (name: StepName) => (name === 'deploy' ? Promise.resolve(planned) : steps(name));
    await run(inputsOf(readInputs, {}), fakeRunner({ environment: given }), load);
    expect(ran).not.toHaveProperty('verify');
  });

  it('gives manifests from elsewhere to deploy, and to verify the release that deploy makes of them', async () => {
    const seen: string[] = [];
    const load = async (name: StepName): Promise<Step> => ({
      name,
      module: {
        readInputs: (reader: InputReader) => reader.text('manifests'),
        async run(read, runner: Runner) {
          seen.push(`${name}: ${String(read)}`);
          if (name === 'deploy') runner.setOutput('release', '7');
        },
      },
    });
    const environment = { ...given, INPUT_MANIFESTS: 'out/*.yaml' };
    const inputs = inputsOf(readInputs, { steps: 'deploy, verify', manifests: 'out/*.yaml' });
    await run(inputs, fakeRunner({ environment }), load);
    expect(seen).toEqual(['deploy: out/*.yaml', 'verify: ']);
  });

  it('lets a job of a wave compare its own rendering with the digest that was checked', async () => {
    const ran = {};
    const environment = { ...given, INPUT_SNAPSHOT: 'v7', INPUT_DIGEST: 'sha256:2' };
    const inputs = inputsOf(readInputs, {
      steps: 'verify, render\ndeploy',
      snapshot: 'v7',
      digest: 'sha256:2',
    });
    await run(inputs, fakeRunner({ environment }), pipeline(ran));
    expect(ran).toMatchObject({ render: { snapshot: 'v7' }, deploy: { digest: 'sha256:2' } });
    expect(Object.keys(ran)).toEqual(['render', 'deploy', 'verify']);
  });
});

describe('the input steps', () => {
  it('names the nearest step for an unknown one', () => {
    expect(() => inputsOf(readInputs, { steps: 'rendr' })).toThrow('did you mean "render"?');
  });

  it.each([
    ['snapshot', 'build'],
    ['manifests', 'render'],
    ['release', 'deploy'],
  ])('refuses %s beside the step %s, which makes it', (input, maker) => {
    expect(() => inputsOf(readInputs, { [input]: 'x' })).toThrow(`"${input}" contradicts the step ${maker}`);
  });
});

describe('the step plan', () => {
  const WAVES = [
    [{ formation: 'production', destination: 'eu' }],
    [{ formation: 'production', destination: 'us' }],
  ];
  const RELEASES: Readonly<Record<string, string>> = { eu: '41', us: '' };
  const prepared = {
    ...given,
    INPUT_STEPS: 'render, plan',
    INPUT_SNAPSHOT: '/tmp/snapshot.json',
    INPUT_FORMATION: 'production, preview',
  };

  /**
   * @param refused the destination whose plan fails
   * @param inputs other inputs than those of two destinations
   */
  function plan(refused = '', steps = 'render, plan', inputs = {}) {
    const modes: string[] = [];
    const planned: Step = {
      name: 'plan',
      module: {
        readInputs: (reader: InputReader) => ({
          mode: reader.text('mode'),
          at: reader.text('destination'),
          formation: reader.text('formation'),
          manifests: reader.required('manifests'),
        }),
        async check() {
          throw new SlipwayError({ code: 'cluster-missing', message: 'a plan needs no cluster' });
        },
        async run(read, { setOutput }) {
          const { mode, at, formation, manifests } = read as Record<
            'mode' | 'at' | 'formation' | 'manifests',
            string
          >;
          modes.push(`${mode} ${formation}/${at} of ${manifests}`);
          setOutput('planned-from', RELEASES[at] ?? '0');
          if (at === refused) throw new SlipwayError({ code: 'formation-held', message: `${at} is held` });
        },
      },
    };
    const render = step('render', {}, ['snapshot'], { manifests: '/tmp/tree', waves: JSON.stringify(WAVES) });
    const runner = fakeRunner({ environment: { ...prepared, ...inputs } });
    const load = (name: StepName): Promise<Step> => Promise.resolve(name === 'plan' ? planned : render);
    const ended = run(inputsOf(readInputs, { steps }), runner, load);
    return { ended, modes, runner };
  }

  it('plans each target that was rendered, and names the release of each for the jobs that deploy', async () => {
    const { ended, modes, runner } = plan();
    await ended;
    expect(modes).toEqual(['plan production/eu of /tmp/tree', 'plan production/us of /tmp/tree']);
    expect(runner.outputs['planned-from']).toBe('production/eu=41, production/us=0');
  });

  it('plans the others too where one is refused, and then names no release', async () => {
    const { ended, modes, runner } = plan('eu');
    await expect(ended).rejects.toMatchObject({ problems: [{ code: 'formation-held' }] });
    expect(modes).toHaveLength(2);
    expect(runner.outputs).not.toHaveProperty('planned-from');
  });

  it('names the release alone where another step rendered, so that the jobs that deploy compare it all the same', async () => {
    const { ended, modes, runner } = plan('', 'plan', {
      INPUT_FORMATION: 'production',
      INPUT_DESTINATION: 'eu',
      INPUT_MANIFESTS: '/tmp/other',
    });
    await ended;
    expect(modes).toEqual(['plan production/eu of /tmp/other']);
    expect(runner.outputs['planned-from']).toBe('41');
  });

  it('has the inputs of deploy under their names, as it is made from them', () => {
    expect(inputName('plan', 'timeout')).toBe('deploy-timeout');
  });

  it('leaves the name of its mode to deploy, whose mode it is', () => {
    expect(['build', 'plan', 'deploy'].map(step => inputName(step as StepName, 'mode'))).toEqual([
      'build-mode',
      'mode',
      'mode',
    ]);
  });

  it('is not made of a part, which has no snapshot', () => {
    expect(() => inputsOf(readInputs, { part: 'arm64' })).toThrow(/"part" makes no snapshot/);
    expect(inputsOf(readInputs, { part: 'arm64', steps: 'build' })).toEqual({ steps: ['build'] });
  });

  it('does not run where no step is named', () => {
    expect(inputsOf(readInputs, {}).steps).not.toContain('plan');
  });
});
