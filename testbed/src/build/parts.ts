import { SlipwayError } from '@slipway/core';
import type { TestbedErrorCode } from '../error-codes.ts';

/** A Go program of the testbed: the module under go/ that pins it, and how it is built. */
export interface Part {
  /** The folder under testbed/go, and the part's name in messages. */
  readonly name: PartName;
  readonly version: string;
  /** Packages that become programs, by the program's name. */
  readonly programs: Readonly<Record<string, string>>;
  /** Further names of the first program, for a binary whose behaviour depends on its name. */
  readonly links?: readonly string[];
  readonly ldflags?: string;
  /** Go build tags. */
  readonly tags?: readonly string[];
  readonly cgo?: boolean;
  /** Its bytes depend on its sources and Go alone, and not on the folders that they are in. */
  readonly reproducible?: boolean;
}

export type PartName =
  | 'control-plane'
  | 'kubelet'
  | 'kube-proxy'
  | 'policies'
  | 'traffic'
  | 'node'
  | 'kwok'
  | 'registry'
  | 'registry-2'
  | 'runc'
  | 'buildkit'
  | 'dockerfile'
  | 'base-image'
  | 'buildx'
  | 'crane'
  | 'prometheus'
  | 'act'
  | 'actionlint'
  | 'kubeconform'
  | 'conftest'
  | 'kyverno'
  | 'helm'
  | 'sops'
  | 'vault'
  | 'local-kms'
  | 'transit'
  | 'server-side-apply'
  | 'kubeconfig'
  | 'cel'
  | 'yaml';

export type ToolName =
  | 'kubectl'
  | 'kube-proxy'
  | 'policies'
  | 'traffic'
  | 'buildctl'
  | 'dockerfile'
  | 'buildx'
  | 'crane'
  | 'referrers-registry'
  | 'registry-2'
  | 'prometheus'
  | 'act'
  | 'actionlint'
  | 'kubeconform'
  | 'conftest'
  | 'kubectl-kyverno'
  | 'helm'
  | 'sops'
  | 'age-keygen'
  | 'vault'
  | 'local-kms'
  | 'transit'
  | 'server-side-apply'
  | 'kubeconfig'
  | 'cel'
  | 'yaml';

/** The newest patch release of each supported minor version of Kubernetes when this table was last changed. */
export const KUBERNETES_VERSIONS: Readonly<Record<string, string>> = {
  '1.33': '1.33.13',
  '1.34': '1.34.4',
  '1.35': '1.35.4',
  '1.36': '1.36.3',
  '1.37': '1.37.2',
};

/** The version that go/control-plane pins; the others get a module when they are built. */
export const DEFAULT_KUBERNETES = '1.36';

/** The versions that are built before the tests: the one that all of them run on, and the newest, for what differs between the two. */
export const TESTED_KUBERNETES = [DEFAULT_KUBERNETES, '1.37'] as const;

/** Kubernetes' own parts, which are built in the requested version. */
type KubernetesPart = 'control-plane' | 'kubelet';

const CONTAINERD = 'github.com/containerd/containerd/v2/cmd';
const CNI_PLUGINS = 'github.com/containernetworking/plugins/plugins';

const PARTS: Readonly<Record<Exclude<PartName, KubernetesPart>, Omit<Part, 'name'>>> = {
  node: {
    version: '2.3.5',
    programs: {
      machine: './machine',
      pause: './pause',
      containerd: `${CONTAINERD}/containerd`,
      'containerd-shim-runc-v2': `${CONTAINERD}/containerd-shim-runc-v2`,
      ctr: `${CONTAINERD}/ctr`,
      bridge: `${CNI_PLUGINS}/main/bridge`,
      loopback: `${CNI_PLUGINS}/main/loopback`,
      'host-local': `${CNI_PLUGINS}/ipam/host-local`,
    },
    // Snapshotters that are not used, two of which need C libraries.
    tags: ['no_btrfs', 'no_devmapper', 'no_zfs'],
  },
  // Only the benchmark of a Service's traffic runs it; the testbed's node has none.
  'kube-proxy': { version: '1.36.3', programs: { 'kube-proxy': '.' } },
  // What makes the real node enforce NetworkPolicies; no testbed runs it by itself.
  policies: { version: '0.8.0', programs: { policies: '.' } },
  // A service that answers with its version, and clients of it that never retry.
  traffic: { version: '1', programs: { traffic: '.' } },
  kwok: {
    version: '0.8.0',
    programs: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' },
    ldflags: '-X sigs.k8s.io/kwok/pkg/consts.Version=v0.8.0',
  },
  registry: {
    version: '3.1.2',
    programs: { registry: '.' },
  },
  runc: {
    version: '1.4.3',
    programs: { runc: 'github.com/opencontainers/runc', 'runc-without-seccomp': './runc-without-seccomp' },
    cgo: true,
  },
  buildkit: {
    version: '0.29.0',
    programs: {
      buildkitd: 'github.com/moby/buildkit/cmd/buildkitd',
      buildctl: 'github.com/moby/buildkit/cmd/buildctl',
    },
  },
  // BuildKit's reading of Dockerfiles, without a daemon.
  dockerfile: { version: '0.29.0', programs: { dockerfile: '.' } },
  'base-image': { version: '1', programs: { 'base-image': '.' }, reproducible: true },
  buildx: { version: '0.33.0', programs: { buildx: 'github.com/docker/buildx/cmd/buildx' } },
  // Many companies still run it. It lacks the referrers API, and answers some mistakes differently than its successor.
  'registry-2': {
    version: '2.8.3',
    programs: { registry: 'github.com/docker/distribution/cmd/registry' },
    links: ['registry-2'],
  },
  crane: {
    version: '0.22.1',
    programs: {
      crane: 'github.com/google/go-containerregistry/cmd/crane',
      'referrers-registry': './referrers-registry',
    },
  },
  // Without service discovery in clouds, which is nine tenths of it.
  prometheus: {
    version: '3.13.5',
    programs: { prometheus: 'github.com/prometheus/prometheus/cmd/prometheus' },
    tags: ['remove_all_sd'],
  },
  act: { version: '0.2.89', programs: { act: 'github.com/nektos/act' } },
  actionlint: { version: '1.7.12', programs: { actionlint: 'github.com/rhysd/actionlint/cmd/actionlint' } },
  sops: {
    version: '3.13.3',
    programs: {
      sops: 'github.com/getsops/sops/v3/cmd/sops',
      'age-keygen': 'filippo.io/age/cmd/age-keygen',
    },
  },
  vault: { version: '1.14.1', programs: { vault: '.' } },
  transit: { version: '1.14.1', programs: { transit: '.' } },
  // AWS KMS with real key material, which checks the encryption context; it has no releases.
  'local-kms': { version: '2026.2.28', programs: { 'local-kms': 'github.com/nsmithuk/local-kms' } },
  // Peers of policy-check, which only its benchmark runs.
  kubeconform: {
    version: '0.8.0',
    programs: { kubeconform: 'github.com/yannh/kubeconform/cmd/kubeconform' },
  },
  conftest: { version: '0.71.1', programs: { conftest: 'github.com/open-policy-agent/conftest' } },
  kyverno: {
    version: '1.19.1',
    programs: { 'kubectl-kyverno': 'github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno' },
  },
  // The oracle of the local merge: the API server's field manager around structured-merge-diff.
  'server-side-apply': { version: '0.36.3', programs: { 'server-side-apply': '.' } },
  // The oracle of kubeconfigs and logins: client-go's own way to read them and to run credential plugins.
  kubeconfig: { version: '0.36.3', programs: { kubeconfig: '.' } },
  // The oracle of the functions of expressions: the API server's own environment for them.
  cel: { version: '0.36.3', programs: { cel: '.' } },
  // The oracle of scalars and keys: what kubectl and the API server read manifests with.
  yaml: { version: '1.6.0', programs: { yaml: '.' } },
  helm: { version: '4.3.1', programs: { helm: 'helm.sh/helm/v4/cmd/helm' } },
};

const TOOLS: Readonly<Record<ToolName, PartName>> = {
  kubectl: 'control-plane',
  'kube-proxy': 'kube-proxy',
  policies: 'policies',
  traffic: 'traffic',
  buildctl: 'buildkit',
  dockerfile: 'dockerfile',
  buildx: 'buildx',
  crane: 'crane',
  'referrers-registry': 'crane',
  'registry-2': 'registry-2',
  prometheus: 'prometheus',
  act: 'act',
  actionlint: 'actionlint',
  kubeconform: 'kubeconform',
  conftest: 'conftest',
  'kubectl-kyverno': 'kyverno',
  helm: 'helm',
  sops: 'sops',
  'age-keygen': 'sops',
  vault: 'vault',
  'local-kms': 'local-kms',
  transit: 'transit',
  'server-side-apply': 'server-side-apply',
  kubeconfig: 'kubeconfig',
  cel: 'cel',
  yaml: 'yaml',
};

const KUBERNETES_PARTS: Readonly<Record<KubernetesPart, Pick<Part, 'programs' | 'links'>>> = {
  'control-plane': {
    programs: { 'control-plane': '.' },
    links: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'],
  },
  kubelet: { programs: { kubelet: '.' } },
};

/** The part of that name; `kubernetes` is a minor version such as "1.34" and matters only for Kubernetes' own parts. */
export function partOf(name: PartName, kubernetes: string = DEFAULT_KUBERNETES): Part {
  if (!isKubernetesPart(name)) return { name, ...PARTS[name] };
  const version = kubernetesVersion(kubernetes);
  return {
    name,
    version,
    ...KUBERNETES_PARTS[name],
    // Without it, kubectl takes its own version for 0.0.0 and refuses to compare it with the server's.
    ldflags: `-X k8s.io/component-base/version.gitVersion=v${version}`,
  };
}

/**
 * Parts that are made of the same packages for the most part: of the kubelet's 1,541, for one, 1,440 are in the control plane, and so
 * are 664 of kwok's 735. A package is compiled again for each version of anything below it, so where a go.mod would choose another
 * version of a module than the part that is the first one here to have it, it replaces the module by that version.
 */
export const SHARING: readonly PartName[] = [
  'control-plane',
  'kubelet',
  'kwok',
  'registry',
  'buildkit',
  'dockerfile',
  'buildx',
  'helm',
  'kube-proxy',
  'server-side-apply',
  'kubeconfig',
  'cel',
];

export function isKubernetesPart(name: PartName): name is KubernetesPart {
  return name in KUBERNETES_PARTS;
}

export function partOfTool(tool: ToolName): Part {
  return partOf(TOOLS[tool]);
}

export const TOOL_NAMES = Object.keys(TOOLS) as readonly ToolName[];

function kubernetesVersion(minor: string): string {
  const version = KUBERNETES_VERSIONS[minor];
  if (version !== undefined) return version;
  throw new SlipwayError<TestbedErrorCode>({
    code: 'testbed-option',
    message: `the testbed does not know this Kubernetes version`,
    remedy: `choose one of ${Object.keys(KUBERNETES_VERSIONS).join(', ')}`,
  });
}
