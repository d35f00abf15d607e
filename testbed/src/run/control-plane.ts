import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { ClusterFiles } from './cluster-files.ts';
import type { Locate } from './programs.ts';
import type { SupervisedProcess } from './supervision.ts';

const SERVICE_CIDR = '10.96.0.0/16';
/** An address of the documentation range, for a machine without a network: the API server insists on one. */
const NO_ADDRESS = '192.0.2.1';

export function etcd(files: ClusterFiles, command: string, port: number): SupervisedProcess {
  const address = `http://127.0.0.1:${port}`;
  // A single member has no peers: it listens on any port and names an unused one.
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

export function apiServer(
  files: ClusterFiles,
  command: string,
  storePort: number,
  port: number,
): SupervisedProcess {
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
      `--kubelet-client-certificate=${files.path('kubelet-client.crt')}`,
      `--kubelet-client-key=${files.path('kubelet-client.key')}`,
      '--allow-privileged=true',
    ],
  };
}

export function controllers(files: ClusterFiles, locate: Locate, config: string): SupervisedProcess[] {
  // The default of 20 requests a second is for those who share a server; thousands of pods take more.
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

function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap(list => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? NO_ADDRESS;
}
