import type { Environment } from '../build/machine.ts';
import type { Progress } from '../build/progress.ts';
import type { RegistryAuth, RunningRegistry } from './registry.ts';

export type TestbedPart = 'cluster' | 'registry' | 'buildkit' | 'node';

export interface TestbedOptions {
  readonly parts: readonly TestbedPart[];
  /** A minor version, "1.32" to "1.36"; 1.36 unless said. Each is built once. */
  readonly kubernetes?: string;
  /** How many nodes kwok plays; 3 unless said. */
  readonly nodes?: number;
  readonly registryAuth?: RegistryAuth;
  /** What of the user's own is used instead of what the testbed would build. */
  readonly use?: OwnParts;
  /** A name under which another process finds it again; without one it is this process's own. */
  readonly name?: string;
  readonly log?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface OwnParts {
  /** A kubeconfig whose current context is the cluster. Nothing is started, and nothing is removed from it at the end. */
  readonly kubeconfig?: string;
  /** A folder with etcd and kube-apiserver, as envtest's KUBEBUILDER_ASSETS; what else it has is used too. */
  readonly assets?: string;
  /** A running Docker for the registry and for BuildKit, which then needs no root. */
  readonly docker?: boolean;
}

/** A cluster as another process can use it, too. Paths are absolute. */
export interface ClusterAddress {
  /** A file of mode 0600 whose only context is "testbed", for the group system:masters. */
  readonly kubeconfig: string;
  readonly server: string;
  readonly kubectl: string;
  /** The real node, when there is one. */
  readonly node?: TestbedNode;
}

/** A node that runs containers. */
export interface TestbedNode {
  readonly name: string;
  /** Where kubelet listens; this machine alone reaches it, and the pods' addresses beside it. */
  readonly address: string;
}

export interface TestbedCluster extends ClusterAddress {
  /** The path of a kubeconfig for a user who has no rights until RBAC gives some to the name or a group. */
  userKubeconfig(name: string, groups?: readonly string[]): Promise<string>;
}

export interface TestbedBuildkit {
  /** unix:///… */
  readonly address: string;
  readonly buildctl: string;
}

/** What is written down of a running testbed, so that another process can use it. */
export interface TestbedState {
  readonly cluster?: ClusterAddress;
  readonly registry?: RunningRegistry;
  readonly buildkit?: TestbedBuildkit;
}

export interface Testbed {
  /** Logs, keys, data: everything of this testbed. It is removed when the testbed stops. */
  readonly directory: string;
  readonly cluster?: TestbedCluster;
  readonly registry?: RunningRegistry;
  readonly buildkit?: TestbedBuildkit;
  /** Lets it outlive this process; `npm run testbed -- down` stops it. */
  detach(): Promise<void>;
  stop(): Promise<void>;
}

/** What a testbed takes from its surroundings. */
export interface Surroundings {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly now: () => Date;
}
