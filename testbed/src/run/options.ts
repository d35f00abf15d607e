import type { Environment } from '../build/machine.ts';
import type { Progress } from '../build/progress.ts';
import type { RegistryAuth, RunningRegistry } from './registry.ts';

export type TestbedPart = 'cluster' | 'registry' | 'buildkit' | 'node';

export interface TestbedOptions {
  readonly parts: readonly TestbedPart[];
  /** A minor version, "1.33" to "1.37"; 1.36 by default. Each is built once. */
  readonly kubernetes?: string;
  /** The number of nodes that kwok simulates; 3 by default. */
  readonly nodes?: number;
  readonly registryAuth?: RegistryAuth;
  /**
   * Registries whose images BuildKit looks for in the testbed's registry first, where the path begins with their name:
   * `docker.io/library/node:24` is `127.0.0.1:PORT/docker.io/library/node:24` there. The registry must not ask for a login.
   */
  readonly mirrored?: readonly string[];
  /** Further arguments of the API server, such as those of another way to log in. */
  readonly apiServerArgs?: readonly string[];
  /** What the user provides instead of what the testbed would build. */
  readonly use?: OwnParts;
  /** A name by which other processes find the testbed; without it, it belongs to this process. */
  readonly name?: string;
  readonly log?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface OwnParts {
  /** A kubeconfig whose current context is the cluster. Nothing is started, and nothing is removed from it at the end. */
  readonly kubeconfig?: string;
  /** A folder with etcd and kube-apiserver, as envtest's KUBEBUILDER_ASSETS; its other programs are used too. */
  readonly assets?: string;
  /** A running Docker for the registry and for BuildKit, which then needs no root. */
  readonly docker?: boolean;
}

/** A cluster in a form that other processes can use. Paths are absolute. */
export interface ClusterAddress {
  /** A file of mode 0600 whose only context is "testbed", for the group system:masters. */
  readonly kubeconfig: string;
  readonly server: string;
  readonly kubectl: string;
  /** The real node, if there is one. */
  readonly node?: TestbedNode;
}

/** A node that runs containers. */
export interface TestbedNode {
  readonly name: string;
  /** The address of kubelet; only this machine reaches it and the addresses of pods. */
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

/** The description of a running testbed, from which other processes use it. */
export interface TestbedState {
  readonly cluster?: ClusterAddress;
  readonly registry?: RunningRegistry;
  readonly buildkit?: TestbedBuildkit;
}

export interface Testbed {
  /** The folder with everything of this testbed: logs, keys, data. It is removed when the testbed stops. */
  readonly directory: string;
  readonly cluster?: TestbedCluster;
  readonly registry?: RunningRegistry;
  readonly buildkit?: TestbedBuildkit;
  /** Keeps it running after this process; `npm run testbed -- down` stops it. */
  detach(): Promise<void>;
  stop(): Promise<void>;
}

/** What a testbed needs from the process that starts it. */
export interface Surroundings {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly now: () => Date;
}
