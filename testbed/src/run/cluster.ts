import { mkdir, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type Api, connectApi } from './api.ts';
import { kubeconfig } from './kubeconfig.ts';
import { startNodes } from './nodes.ts';
import { type Authority, createAuthority, serviceAccountKey } from './pki.ts';
import { freePort, withFreePorts } from './ports.ts';
import type { SupervisedProcess, Supervision } from './supervision.ts';

const SERVICE_CIDR = '10.96.0.0/16';
/** The first address of the range: what pods know the API server by. */
const SERVICE_ADDRESS = '10.96.0.1';
/** An address of the documentation range, for a machine without a network: the API server insists on one. */
const NO_ADDRESS = '192.0.2.1';

/** What a running cluster is made of, as far as others need it. Paths are absolute. */
export interface RunningCluster {
  readonly kubeconfig: string;
  readonly server: string;
  readonly kubectl: string;
}

/** The programs of a control plane, by their paths. */
export interface ClusterPrograms {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly scheduler: string;
  readonly kubectl: string;
  readonly kwok: string;
}

/** Starts a control plane and its fake nodes; pods can be created when this returns. */
export async function startCluster(
  folder: string,
  programs: ClusterPrograms,
  nodes: number,
  supervision: Supervision,
  now: () => Date,
  signal: AbortSignal,
): Promise<RunningCluster> {
  const files = await writeKeys(folder, now);
  const server = await withFreePorts(async () => await startApiServer(files, programs, supervision, signal));
  const admin = await files.authority.client('admin', ['system:masters']);
  const config = join(folder, 'kubeconfig');
  await writeFile(config, kubeconfig(server, files.authority.certificate, 'admin', admin), { mode: 0o600 });
  for (const process of controllers(files, programs, config)) supervision.start(process);
  const api = connectApi(server, files.authority.certificate, admin);
  try {
    await Promise.all([
      startNodes(folder, programs.kwok, nodes, config, api, supervision, signal),
      waitForAccounts(api, supervision, signal),
    ]);
  } finally {
    api.close();
  }
  return { kubeconfig: config, server, kubectl: programs.kubectl };
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
async function startApiServer(
  files: Files,
  programs: ClusterPrograms,
  supervision: Supervision,
  signal: AbortSignal,
): Promise<string> {
  const [storePort, port] = [await freePort(), await freePort()];
  const server = `https://127.0.0.1:${port}`;
  supervision.start(etcd(files, programs.etcd, storePort));
  supervision.start(apiServer(files, programs.apiServer, storePort, port));
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

function controllers(files: Files, programs: ClusterPrograms, config: string): SupervisedProcess[] {
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
      command: programs.controllerManager,
      args: [
        ...common,
        `--service-account-private-key-file=${files.path('accounts.key')}`,
        `--root-ca-file=${files.path('ca.crt')}`,
        '--use-service-account-credentials',
      ],
    },
    { name: 'kube-scheduler', command: programs.scheduler, args: common },
  ];
}

/** Pods are refused before the namespace's default account is there. */
async function waitForAccounts(api: Api, supervision: Supervision, signal: AbortSignal): Promise<void> {
  await supervision.until('kube-controller-manager', async ended => {
    const path = '/api/v1/namespaces/default/serviceaccounts/default';
    await api.waitFor(path, ({ status }) => status === 200, AbortSignal.any([signal, ended]));
  });
}

function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap(list => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? NO_ADDRESS;
}
