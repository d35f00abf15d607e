import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SlipwayError } from '@slipway/core';
import type { TestbedErrorCode } from '../error-codes.ts';
import { type Api, connectApi } from './api.ts';
import type { StartContext } from './context.ts';
import { kubeconfig } from './kubeconfig.ts';
import { startNodes } from './nodes.ts';
import type { ClusterAddress } from './options.ts';
import { type Authority, createAuthority, serviceAccountKey } from './pki.ts';
import { freePort, withFreePorts } from './ports.ts';
import type { Locate } from './programs.ts';
import type { SupervisedProcess } from './supervision.ts';

const run = promisify(execFile);
const SERVICE_CIDR = '10.96.0.0/16';
/** The first address of the range: what pods know the API server by. */
const SERVICE_ADDRESS = '10.96.0.1';
/** An address of the documentation range, for a machine without a network: the API server insists on one. */
const NO_ADDRESS = '192.0.2.1';

/** Starts a control plane and its fake nodes; pods can be created when this returns. */
export async function startCluster(nodes: number, context: StartContext): Promise<ClusterAddress> {
  const { folder, locate, supervision } = context;
  const files = await writeKeys(folder, context.now);
  const server = await withFreePorts(async () => await startApiServer(files, context));
  const admin = await files.authority.client('admin', ['system:masters']);
  const config = join(folder, 'kubeconfig');
  await writeFile(config, kubeconfig(server, files.authority.certificate, 'admin', admin), { mode: 0o600 });
  for (const process of controllers(files, locate, config)) supervision.start(process);
  const api = connectApi(server, files.authority.certificate, admin);
  try {
    await Promise.all([startNodes(nodes, config, api, context), waitForAccounts(api, context)]);
  } finally {
    api.close();
  }
  return { kubeconfig: config, server, kubectl: locate('kubectl') };
}

/** The user's own cluster, as it is: the current context of a kubeconfig. */
export async function useCluster(
  path: string,
  { locate, environment }: StartContext,
): Promise<ClusterAddress> {
  const kubectl = locate('kubectl');
  const args = [
    '--kubeconfig',
    path,
    'config',
    'view',
    '--minify',
    '-o',
    'jsonpath={.clusters[0].cluster.server}',
  ];
  try {
    const { stdout } = await run(kubectl, args, { env: { ...environment } });
    return { kubeconfig: path, server: stdout, kubectl };
  } catch (error) {
    const problem = {
      code: 'testbed-option',
      message: `${path} is no kubeconfig with a current context`,
      remedy: 'set KUBECONFIG to one (`kubectl config use-context <name>` chooses the context)',
    } as const;
    throw new SlipwayError<TestbedErrorCode>(problem, { cause: error });
  }
}

interface Files {
  readonly authority: Authority;
  readonly folder: string;
  path(name: string): string;
}

async function writeKeys(folder: string, now: () => Date): Promise<Files> {
  const keys = join(folder, 'keys');
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const authority = await createAuthority('testbed authority', now);
  const [server, accounts] = await Promise.all([
    authority.server(['127.0.0.1', SERVICE_ADDRESS, 'localhost', 'kubernetes.default.svc']),
    serviceAccountKey(),
  ]);
  const path = (name: string) => join(keys, name);
  const content = {
    'ca.crt': authority.certificate,
    'ca.key': authority.key,
    'server.crt': server.certificate,
    'server.key': server.key,
    'accounts.key': accounts,
  };
  for (const [name, text] of Object.entries(content)) await writeFile(path(name), text, { mode: 0o600 });
  return { authority, folder, path };
}

/** Starts etcd and the API server on free ports; gives the server's address once it says that it is ready. */
async function startApiServer(files: Files, { locate, supervision, signal }: StartContext): Promise<string> {
  const [storePort, port] = [await freePort(), await freePort()];
  const server = `https://127.0.0.1:${port}`;
  supervision.start(etcd(files, locate('etcd'), storePort));
  supervision.start(apiServer(files, locate('kube-apiserver'), storePort, port));
  const probe = connectApi(
    server,
    files.authority.certificate,
    await files.authority.client('probe', ['system:masters']),
  );
  try {
    await supervision.until('etcd', async () => {
      await supervision.until('kube-apiserver', async ended => {
        await probe.waitFor('/readyz', ({ status }) => status === 200, AbortSignal.any([signal, ended]));
      });
    });
  } catch (error) {
    await Promise.all([supervision.end('kube-apiserver'), supervision.end('etcd')]);
    throw error;
  } finally {
    probe.close();
  }
  return server;
}

function etcd(files: Files, command: string, port: number): SupervisedProcess {
  const address = `http://127.0.0.1:${port}`;
  // A single member talks to no peer: it listens on any port and names one that nobody uses.
  const peer = 'http://127.0.0.1:1';
  return {
    name: 'etcd',
    command,
    args: [
      `--data-dir=${join(files.folder, 'etcd')}`,
      `--listen-client-urls=${address}`,
      `--advertise-client-urls=${address}`,
      '--listen-peer-urls=http://127.0.0.1:0',
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      // The data is thrown away with the testbed; waiting for the disk would be half of the start time.
      '--unsafe-no-fsync',
    ],
  };
}

function apiServer(files: Files, command: string, storePort: number, port: number): SupervisedProcess {
  return {
    name: 'kube-apiserver',
    command,
    args: [
      `--etcd-servers=http://127.0.0.1:${storePort}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--advertise-address=${ownAddress()}`,
      `--cert-dir=${files.path('')}`,
      `--tls-cert-file=${files.path('server.crt')}`,
      `--tls-private-key-file=${files.path('server.key')}`,
      `--client-ca-file=${files.path('ca.crt')}`,
      '--authorization-mode=Node,RBAC',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-signing-key-file=${files.path('accounts.key')}`,
      `--service-account-key-file=${files.path('accounts.key')}`,
      `--service-cluster-ip-range=${SERVICE_CIDR}`,
      '--kubelet-preferred-address-types=InternalIP',
      '--allow-privileged=true',
    ],
  };
}

function controllers(files: Files, locate: Locate, config: string): SupervisedProcess[] {
  // One client and one test at a time make few requests; thousands of pods make many, and the default of 20 a second is for those who share.
  const common = [
    `--kubeconfig=${config}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
  ];
  return [
    {
      name: 'kube-controller-manager',
      command: locate('kube-controller-manager'),
      args: [
        ...common,
        `--service-account-private-key-file=${files.path('accounts.key')}`,
        `--root-ca-file=${files.path('ca.crt')}`,
        '--use-service-account-credentials',
      ],
    },
    { name: 'kube-scheduler', command: locate('kube-scheduler'), args: common },
  ];
}

/** Pods are refused before the namespace's default account is there. */
async function waitForAccounts(api: Api, { supervision, signal }: StartContext): Promise<void> {
  await supervision.until('kube-controller-manager', async ended => {
    const path = '/api/v1/namespaces/default/serviceaccounts/default';
    await api.waitFor(path, ({ status }) => status === 200, AbortSignal.any([signal, ended]));
  });
}

function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap(list => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? NO_ADDRESS;
}
