import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useTestbed } from '@slipway/testbed/jest';
import { filesOf as filesIn, git, pullRequest, repository } from '@slipway/testkit/git';
import { reviewPullRequest } from '@slipway/testkit/pull-requests';
import { load } from 'js-yaml';
import type { WorkflowRun } from './support/act.ts';
import { createNewUser, type NewUser } from './support/new-user.ts';
import { blocksIn, blocksOf, filesOf } from './support/page-blocks.ts';
import type { Ended } from './support/setup-world.ts';
import { ROOT } from './support/sources.ts';
import { writeStopwatch } from './support/stopwatch.ts';

const NAMESPACE = 'shop';
const CLONE = 'git clone https://github.com/slipway-dev/slipway ../slipway';
/** Whoever follows the page presses Enter. */
const ENTER = ['Where does it run?', 'In which namespace', 'Where do images go?'].map(
  prompt => [prompt, '\r'] as const,
);

const page = readFileSync(join(ROOT, 'docs/start.md'), 'utf8');
const [files = '', setUp = '', push = '', adopt = ''] = blocksIn(page, 'sh');
const PROMISED = blocksIn(page, 'text')[0]?.trim() ?? '';

describe('docs/start.md, walked by someone whose 17 objects run', () => {
  const testbed = useTestbed({ parts: ['cluster', 'registry', 'buildkit'] });
  const seconds = new Map<string, number>();
  let user: NewUser;
  let comment: string;
  let written: Ended;
  let set: Ended;
  let pushed: Ended;
  let before: Live;
  let refused: WorkflowRun;
  let afterRefusal: Live;
  let asked: Ended;
  let adopted: WorkflowRun;
  let after: Live;
  let later: WorkflowRun;

  beforeAll(async () => {
    user = await createNewUser(testbed, NAMESPACE);
    await user.kubectl('set', 'env', 'deployment/web', 'DEBUG=1', '--namespace', NAMESPACE);
    await settled();
    before = await live();
    comment = await timed('a comment on the first pull request', firstComment);
    written = await timed('slipway init and check', () =>
      user.world.terminal(user.folder, onDisk(files), ENTER),
    );
    set = await timed('slipway setup, --apply, and doctor', () => user.lines(withProgram(setUp)));
    pushed = await user.lines(push);
    refused = await timed('the run of the push, refused with the plan', () =>
      user.runWorkflow('release.yml', 'push'),
    );
    afterRefusal = await live();
    user.world.github.state.workflows.set('release.yml', 1);
    asked = await user.lines(adopt);
    const [started] = user.world.github.state.dispatches;
    adopted = await timed('the run with adopt, to the verdict', () =>
      user.runWorkflow(started?.file ?? '', 'workflow_dispatch', started?.inputs),
    );
    after = await live();
    later = await timed('the run of a later push', laterPush);
    writeStopwatch(seconds);
  }, 1_200_000);

  afterAll(async () => {
    await user.world.stop();
    expect(user.world.github.problems).toEqual([]);
  });

  async function timed<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    const started = performance.now();
    const result = await work();
    seconds.set(what, (performance.now() - started) / 1000);
    return result;
  }

  /** The lines of the page beside a clone that is there. */
  function onDisk(lines: string): string {
    return lines.replace(`${CLONE}\n`, '');
  }

  /** In the same terminal as the function of the first lines. */
  function withProgram(lines: string): string {
    const [definition = ''] = files.split('\n').filter(line => line.startsWith('slipway()'));
    return `${definition}\n${lines}`;
  }

  async function firstComment(): Promise<string> {
    const workflow = filesOf(blocksOf(page)).get('.github/workflows/review.yml') ?? '';
    const { jobs } = load(workflow) as { jobs: { review: { steps: { with: Record<string, string> }[] } } };
    const manifests = filesIn(join(user.folder, 'k8s'), 'k8s');
    const origin = repository(manifests);
    const web = String(manifests['k8s/web.yaml']).replace('replicas: 2', 'replicas: 3');
    const commits = pullRequest(origin, { '.github/workflows/review.yml': workflow, 'k8s/web.yaml': web });
    const inputs = jobs.review.steps.at(-1)?.with ?? {};
    return (await reviewPullRequest({ edits: {}, inputs, of: { origin, commits } })).summary;
  }

  async function laterPush(): Promise<WorkflowRun> {
    const page = 'services/web/site/index.html';
    await user.lines(`sed -i 's/good morning/good day/' ${page}\ngit commit --quiet --all --message Greet\n`);
    await user.lines('git push --quiet origin main');
    return await user.runWorkflow('release.yml', 'push');
  }

  /** Each workload with the pods that it has, and what every other object is. */
  interface Live {
    readonly pods: ReadonlyMap<string, readonly string[]>;
    readonly objects: string;
  }

  async function live(): Promise<Live> {
    const kinds = 'deployments,statefulsets,services,configmaps,secrets,ingresses,cronjobs';
    const names = 'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.generation}{"\\n"}{end}';
    const uids = 'jsonpath={range .items[*]}{.metadata.labels.app} {.metadata.uid}{"\\n"}{end}';
    const [objects, pods] = await Promise.all([get(kinds, names), get('pods', uids)]);
    const found = Object.groupBy(pods.trim().split('\n').sort(), line => line.split(' ')[0] ?? '');
    return { objects, pods: new Map(Object.entries(found).map(([app, lines = []]) => [app, lines])) };
  }

  async function get(kinds: string, output: string): Promise<string> {
    return await user.kubectl('get', kinds, '--namespace', NAMESPACE, '--output', output);
  }

  async function settled(): Promise<void> {
    const workloads = ['deployment/api', 'deployment/web', 'deployment/redis', 'statefulset/postgres'];
    for (const workload of workloads)
      await user.kubectl('rollout', 'status', workload, '--namespace', NAMESPACE, '--timeout', '5m');
  }

  const complaint = ({ exitCode, log }: WorkflowRun): string => (exitCode === 0 ? '' : log);
  const failure = ({ exitCode, printed, complaints }: Ended): string =>
    exitCode === 0 ? '' : `${printed}${complaints}`;

  it('shows on the first pull request what it changes, for eleven lines', () => {
    const lines = filesOf(blocksOf(page)).get('.github/workflows/review.yml')?.trim().split('\n');
    expect(lines?.length).toBe(11);
    expect(comment).toContain('spec.replicas');
  });

  it('has every file after that written by the program, and moves and changes none', () => {
    expect(files).toContain(CLONE);
    expect(failure(written)).toBe('');
    expect(written.printed).toContain('next: slipway check, then slipway setup staging');
    expect(written.printed).toContain('staging/main: passed');
    const changed = git(user.folder, 'diff', '--name-status', '--find-renames', 'HEAD~2', 'HEAD~1');
    expect(new Set(changed.split('\n').map(line => line[0]))).toEqual(new Set(['A']));
    expect(changed.split('\n').map(line => line.split('\t')[1])).toEqual(
      expect.arrayContaining(['formations/staging.yaml', 'slipway.yaml', '.github/workflows/release.yml']),
    );
  });

  it('sets the cluster and GitHub up, and names what is still missing', () => {
    expect(set.printed).toContain('done       secret KUBECONFIG');
    expect(set.printed).toContain('next: slipway doctor staging');
    const missing = set.printed.split('\n').filter(line => /^ {2}missing/.test(line));
    // The registry of the testbed is not GitHub's, and asks for no login.
    expect(missing.filter(line => !line.includes('REGISTRY_TOKEN'))).toEqual([]);
    expect(user.world.github.state.environments.get('staging')?.branches).toMatchObject([{ name: 'main' }]);
  });

  it('is refused at first, writes nothing, and proposes the adoption by its plan', () => {
    expect(failure(pushed)).toBe('');
    expect(refused.exitCode).not.toBe(0);
    expect(refused.log).toContain('belongs to "kubectl-client-side-apply"');
    expect(refused.log).toContain(PROMISED);
    expect(refused.log).toContain('start the workflow by hand with adopt');
    expect(refused.log).toContain('DEBUG');
    expect(refused.summary).toContain('4 whose pods restart');
    expect(afterRefusal).toEqual(before);
  });

  it('is adopted by one command, and released and verified', () => {
    expect(failure(asked)).toBe('');
    expect(user.world.github.state.dispatches).toEqual([
      { file: 'release.yml', ref: 'main', inputs: { adopt: 'yes' } },
    ]);
    expect(complaint(adopted)).toBe('');
    expect(adopted.outputs('release', 'deploy')).toMatchObject({
      release: '1',
      'verify-verdict': 'succeeded',
    });
  });

  it('restarts the pods that the plan named, and no others', () => {
    const named = [
      ...refused.log.matchAll(/^\S* *~ (?:Deployment|StatefulSet) shop\/(\w+) \(restarts pods/gm),
    ];
    const restarted = [...before.pods]
      .filter(([app, pods]) => pods.every(pod => !after.pods.get(app)?.includes(pod)))
      .map(([app]) => app);
    expect(restarted).toEqual([...new Set(named.map(([, name]) => name))].sort());
    const partly = [...before.pods].filter(([app, pods]) =>
      pods.some(pod => !restarted.includes(app) && !after.pods.get(app)?.includes(pod)),
    );
    expect(partly).toEqual([]);
  });

  it('needs no adoption from the next push on', async () => {
    expect(complaint(later)).toBe('');
    expect(later.outputs('release', 'deploy')).toMatchObject({ release: '2', 'verify-verdict': 'succeeded' });
    expect(await get('deployment/web', 'jsonpath={.spec.template.spec.containers[0].env}')).toBe('');
  });
});
