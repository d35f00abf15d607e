import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pushBaseImages, type RunningRegistry, type TestbedCluster } from '@slipway/testbed';
import { git, scratch } from '@slipway/testkit/git';
import { pushRandomImage } from '@slipway/testkit/registry';
import { makeRepository, REPOSITORIES } from '@slipway/testkit/repositories';
import { runWorkflow, useLocalActions, type WorkflowRun } from './act.ts';
import { type Ended, HOST, type SetupWorld, startSetupWorld } from './setup-world.ts';
import { ROOT } from './sources.ts';

/** What stands for the parts of a testbed here. */
export interface Parts {
  readonly cluster: TestbedCluster;
  readonly registry: RunningRegistry;
  readonly buildkit: { readonly address: string; readonly buildctl: string };
}

/** Someone with a repository on GitHub whose objects run, and no file of Slipway yet. */
export interface NewUser {
  readonly world: SetupWorld;
  /** The checkout on their machine, beside a clone of Slipway. */
  readonly folder: string;
  /** Runs lines of a page there. */
  lines(script: string): Promise<Ended>;
  kubectl(...args: readonly string[]): Promise<string>;
  /** Runs a workflow of the branch main as GitHub has it, with the secrets of the environment. */
  runWorkflow(
    file: string,
    event: 'push' | 'workflow_dispatch',
    inputs?: Readonly<Record<string, string>>,
  ): Promise<WorkflowRun>;
}

const SOURCE = 'registry.acme.example';

/** The test repository k8s-folder, with images of the testbed's registry, as they run in a namespace. */
export async function createNewUser(
  { cluster, registry, buildkit }: Parts,
  namespace: string,
): Promise<NewUser> {
  const world = await startSetupWorld(cluster.kubectl, cluster.kubeconfig);
  const home = scratch();
  const [folder, bare] = [join(home, 'shop'), join(home, 'github.git')];
  const found = REPOSITORIES.find(({ name }) => name === 'k8s-folder');
  if (found === undefined) throw new Error('no repository k8s-folder');
  cpSync(await makeRepository(found), folder, { recursive: true });
  await onTestbed(folder, registry);
  symlinkSync(ROOT, join(home, 'slipway'));
  git(home, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'remote', 'add', 'origin', `git@${HOST}:acme/shop.git`);
  git(folder, 'config', `url.${bare}.pushInsteadOf`, `git@${HOST}:acme/shop.git`);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'The shop');
  git(folder, 'push', '--quiet', 'origin', 'main');
  const kubectl = async (...args: readonly string[]): Promise<string> => {
    const words = args.map(word => `'${word.replaceAll("'", `'\\''`)}'`);
    const { exitCode, printed, complaints } = await world.shell('bash', `kubectl ${words.join(' ')}`);
    if (exitCode !== 0) throw new Error(complaints);
    return printed;
  };
  await kubectl('create', 'namespace', namespace);
  await kubectl('apply', '--namespace', namespace, '--filename', join(folder, 'k8s'));
  return {
    ...{ world, folder, kubectl },
    lines: script => world.shell('bash', script, folder),
    runWorkflow: async (file, event, inputs = {}) => {
      const checkout = join(scratch(), 'shop');
      git(home, 'clone', '--quiet', bare, checkout);
      git(checkout, 'remote', 'set-url', 'origin', 'https://github.com/acme/shop');
      await useLocalActions(checkout);
      git(checkout, 'add', '--all');
      git(checkout, 'commit', '--quiet', '--message', 'The actions of this checkout');
      return await runWorkflow({
        ...{ repository: checkout, file, event, payload: { inputs }, home: scratch() },
        secrets: secretsOf(world, 'staging'),
        environment: { BUILDKIT_HOST: buildkit.address },
        path: [dirname(buildkit.buildctl), '/usr/bin:/bin'].join(':'),
      });
    },
  };
}

/** What a job in an environment gets, as GitHub has it. */
function secretsOf({ github, sealing }: SetupWorld, environment: string): Record<string, string> {
  const secrets =
    github.state.environments.get(environment)?.secrets ?? new Map<string, { sealed: string }>();
  return Object.fromEntries([...secrets].map(([name, { sealed }]) => [name, sealing.open(sealed)]));
}

/** Neither the registry of the repository nor Docker Hub is reached from a test. */
async function onTestbed(folder: string, registry: RunningRegistry): Promise<void> {
  const { base } = await pushBaseImages(registry);
  const images: Record<string, string> = {
    'python:3.13-slim': base.name,
    'nginx:1.29-alpine': base.name,
    'postgres:17': (await pushRandomImage(registry, 'mirror/postgres', '17')).name,
    'redis:8': (await pushRandomImage(registry, 'mirror/redis', '8')).name,
    [SOURCE]: registry.address,
  };
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name);
    const text = Object.entries(images).reduce(
      (written, [from, to]) => written.replaceAll(from, to),
      readFileSync(path, 'utf8'),
    );
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
