import { quote } from '@slipway/core';
import { fieldOf, fieldsOf } from './fields.ts';
import type { WrittenService } from './read-service.ts';
import { type Reading, remark, textOf } from './reading.ts';

/** What is read elsewhere. */
const READ: ReadonlySet<string> = new Set([
  ...[
    'image',
    'build',
    'command',
    'entrypoint',
    'environment',
    'env_file',
    'ports',
    'expose',
    'depends_on',
    'volumes',
  ],
  ...[
    'healthcheck',
    'deploy',
    'scale',
    'user',
    'working_dir',
    'secrets',
    'tmpfs',
    'stop_grace_period',
    'profiles',
  ],
  ...['restart', 'mem_limit', 'mem_reservation', 'cpus', 'extends'],
]);

/** Why a field is not taken over, and what to do. */
const LEFT: Readonly<Record<string, string>> = {
  container_name: 'a pod has a name of its own, and other services reach it by the name of the service',
  hostname: 'a pod has a name of its own, and other services reach it by the name of the service',
  networks: 'every pod of the namespace reaches every other; write a NetworkPolicy if they have to be apart',
  network_mode: 'a pod has an address of its own',
  links: 'a service is reached by its name; an alias needs a Service of that name',
  external_links: 'a service is reached by its name; an alias needs a Service of that name',
  extra_hosts: 'write hostAliases into the stencil if the names are needed in the cluster',
  configs: 'write a ConfigMap into a stencil and mount it, or copy the file into the image',
  labels: 'nothing in a cluster reads them, unless another program does, such as a proxy',
  logging: 'the cluster collects what is written to standard output',
  privileged: 'the rules refuse it, as such a container has the rights of the node',
  cap_add: 'the stencil drops all capabilities; add one there if the program needs it',
  cap_drop: 'the stencil drops all capabilities',
  security_opt: 'the stencil has the strictest profile that the rules know',
  read_only: 'the stencil has a read-only file system already',
  devices: 'a device of a node needs a device plugin of the cluster',
  init: 'write shareProcessNamespace into the stencil if a process has children that it does not wait for',
  platform: 'the nodes decide; build for several platforms in build-retag',
  pull_policy: 'images have a digest, which is never pulled again',
  stop_signal: 'the image decides: write STOPSIGNAL into its Dockerfile',
  develop: 'it is for the machine of a developer',
  tty: 'nothing is attached to a pod',
  stdin_open: 'nothing is attached to a pod',
  shm_size: 'write a volume in memory at /dev/shm into the stencil',
};

/** A remark for each field that nothing else reads, so that none is lost without a word. */
export function remarkOnOthers({ name, field }: WrittenService, reading: Reading): void {
  for (const [key, { path }] of fieldsOf(field)) {
    if (READ.has(key) || key.startsWith('x-')) continue;
    const why = Object.hasOwn(LEFT, key) ? `: ${LEFT[key]}` : '';
    remark(reading, path, `${quote(key)} of the service ${quote(name)} is not taken over${why}`);
  }
  const inherited = fieldOf(field, 'extends');
  if (inherited !== undefined)
    remark(
      reading,
      inherited.path,
      `"extends" of the service ${quote(name)} is not followed, so what it takes from there is missing`,
      {
        remedy: 'write it into the service, or add it to the stencil',
      },
    );
  remarkOnRestart({ name, field }, reading);
  remarkOnDeploy({ name, field }, reading);
}

type Named = Pick<WrittenService, 'name' | 'field'>;

function remarkOnRestart({ name, field }: Named, reading: Reading): void {
  const restart = fieldOf(field, 'restart');
  const text = textOf(reading, restart);
  if (restart !== undefined && text !== undefined && !/^(?:always|unless-stopped)$/.test(text))
    remark(
      reading,
      restart.path,
      `pods of a Deployment are always restarted, and the service ${quote(name)} says ${quote(text)}`,
      {
        remedy: 'if it ends by itself, make its stencil a Job or a CronJob',
      },
    );
}

const DEPLOY: ReadonlySet<string> = new Set(['replicas', 'resources']);
const RESOURCES: ReadonlySet<string> = new Set(['cpus', 'memory']);

function remarkOnDeploy({ name, field }: Named, reading: Reading): void {
  const deploy = fieldOf(field, 'deploy');
  if (deploy === undefined) return;
  const left = (key: string, path: readonly (string | number)[]): void =>
    remark(reading, path, `${quote(key)} of the service ${quote(name)} is not taken over`);
  for (const [key, { path }] of fieldsOf(deploy)) if (!DEPLOY.has(key)) left(`deploy.${key}`, path);
  const resources = fieldOf(deploy, 'resources');
  for (const [kind, inner] of resources === undefined ? [] : fieldsOf(resources))
    for (const [key, { path }] of fieldsOf(inner))
      if (!RESOURCES.has(key) || (kind === 'reservations' && key === 'cpus'))
        left(`deploy.resources.${kind}.${key}`, path);
}
