import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { imageArchive } from '../images/archive.ts';
import { makeImage, makeLayer } from '../images/image.ts';
import { tar } from '../images/tar.ts';
import type { ClusterFiles } from './cluster-files.ts';
import { kubeconfig } from './kubeconfig.ts';
import { NODE_KIND } from './nodes.ts';
import type { Locate } from './programs.ts';

const PAUSE = 'testbed.slipway.dev/pause:1';
/** Inside of the node's mount namespace these are its own. */
const SOCKET = '/run/containerd/containerd.sock';
/** An address without a server: without any, kubelet adds a warning to the events of every pod. */
const NO_DNS = '10.96.0.10';

/** What is one testbed's alone of the things that namespaces do not hold. */
export interface NodeShare {
  readonly name: string;
  /** The testbed's folder. */
  readonly folder: string;
  /** The node's address, and its bridge's. */
  readonly address: string;
  /** The pods' addresses. */
  readonly network: string;
  readonly bridge: string;
  readonly cgroup: string;
}

/** Writes the files of containerd, the network plugins and kubelet. @returns the path of the plan for go/node/machine */
export async function writeNodeFiles(
  share: NodeShare,
  server: string,
  files: ClusterFiles,
  locate: Locate,
): Promise<string> {
  const folder = join(share.folder, 'node');
  const path = (name: string) => join(folder, name);
  const identity = await files.authority.client(`system:node:${share.name}`, ['system:nodes']);
  await mkdir(path('cni'), { recursive: true });
  const content = {
    'containerd.toml': containerdConfig(path('cni'), locate),
    'cni/testbed.conflist': JSON.stringify(networkConfig(share)),
    'kubelet.json': JSON.stringify(kubeletConfig(share, files.path('ca.crt'))),
    kubeconfig: kubeconfig(server, files.authority.certificate, share.name, identity),
    'pause.tar': await pauseImage(locate('pause')),
    'plan.json': JSON.stringify(plan(share, folder, locate)),
  };
  for (const [name, text] of Object.entries(content)) await writeFile(path(name), text, { mode: 0o600 });
  return path('plan.json');
}

function plan(share: NodeShare, folder: string, locate: Locate) {
  const path = (name: string) => join(folder, name);
  return {
    owner: share.folder,
    data: path('data'),
    logs: join(share.folder, 'logs'),
    bridge: share.bridge,
    address: `${share.address}/24`,
    cgroup: share.cgroup,
    socket: SOCKET,
    containerd: [locate('containerd'), `--config=${path('containerd.toml')}`],
    import: [
      locate('ctr'),
      `--address=${SOCKET}`,
      '--namespace=k8s.io',
      'images',
      'import',
      path('pause.tar'),
    ],
    kubelet: [
      locate('kubelet'),
      `--config=${path('kubelet.json')}`,
      `--kubeconfig=${path('kubeconfig')}`,
      `--hostname-override=${share.name}`,
      `--node-ip=${share.address}`,
      `--node-labels=${NODE_KIND}=real`,
    ],
  };
}

/** A registry on 127.0.0.1 is plain HTTP for containerd as it is: the testbed's needs no configuration. */
function containerdConfig(networks: string, locate: Locate): string {
  const programs = dirname(locate('containerd'));
  return `version = 3
[plugins.'io.containerd.cri.v1.images']
pinned_images = {sandbox = '${PAUSE}'}
[plugins.'io.containerd.cri.v1.runtime']
# Without CAP_SYS_RESOURCE, which containers of a build service lack, the kernel refuses what Kubernetes asks for.
restrict_oom_score_adj = true
[plugins.'io.containerd.cri.v1.runtime'.cni]
bin_dirs = ['${programs}']
conf_dir = '${networks}'
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
BinaryName = '${locate('runc-without-seccomp')}'
`;
}

/** Pods reach each other and this machine. Without address translation they reach nothing else, and need no iptables. */
function networkConfig({ bridge, network }: NodeShare) {
  const ipam = { type: 'host-local', ranges: [[{ subnet: network }]], routes: [{ dst: '0.0.0.0/0' }] };
  return {
    cniVersion: '1.0.0',
    name: 'testbed',
    plugins: [{ type: 'bridge', bridge, isGateway: true, ipMasq: false, ipam }],
  };
}

/** https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
function kubeletConfig({ address, cgroup }: NodeShare, authority: string) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address,
    healthzBindAddress: address,
    authentication: { anonymous: { enabled: false }, x509: { clientCAFile: authority } },
    authorization: { mode: 'Webhook' },
    containerRuntimeEndpoint: `unix://${SOCKET}`,
    volumePluginDir: '/var/lib/kubelet/volume-plugins',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    // This machine is not the node's alone: neither what kind of control groups it has nor its swap is ours to choose.
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    makeIPTablesUtilChains: false,
    clusterDNS: [NO_DNS],
    clusterDomain: 'cluster.local',
    resolvConf: '',
    // A full disk of this machine must not evict a test's pods.
    evictionHard: { 'memory.available': '0%', 'nodefs.available': '0%', 'imagefs.available': '0%' },
    imageGCHighThresholdPercent: 100,
    // kubelet may not lower its own score where it lacks CAP_SYS_RESOURCE.
    oomScoreAdj: 0,
  };
}

/** The image that holds a pod's namespaces: one static program. */
async function pauseImage(program: string): Promise<Uint8Array<ArrayBuffer>> {
  const layer = makeLayer(tar([{ path: 'pause', mode: 0o755, content: await readFile(program) }]));
  return imageArchive(PAUSE, makeImage(layer, { entrypoint: ['/pause'] }));
}
