import type { RunPlugin } from '../credentials/run-plugin.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the kubeconfig is, and how its credential plugins are run. */
export interface KubeconfigSource {
  /** Content, a path, `in-cluster`, or empty for KUBECONFIG and then ~/.kube/config. */
  readonly kubeconfig: string;
  /** Empty if the kubeconfig has only one context. */
  readonly context: string;
  readonly environment: Environment;
  /** An absolute path; a kubeconfig inside is refused, but for one that a login step of this job wrote. */
  readonly workspace: string;
  readonly runPlugin: RunPlugin;
  /** What `env=` lines of the input `secrets` name, which no credential plugin gets; nothing by default. */
  readonly secretNames?: readonly string[];
  /** Without it every kubeconfig inside the workspace is refused. */
  readonly job?: JobFacts;
}

/** What tells a file that this job wrote into the workspace from one that came with a commit or an earlier job. */
export interface JobFacts {
  /** Whether a file is in the commit that is checked out or in the index; undefined if that cannot be told. */
  isCommitted(path: string): Promise<boolean | undefined>;
  /** Milliseconds since 1970; undefined if that cannot be told. */
  startedAt(): Promise<number | undefined>;
}
