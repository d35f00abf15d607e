import type { ManifestSources } from '@slipway/core';
import type { Remark } from '../proposal/contribution.ts';

/** One way in which a repository is deployed, with a formation for each environment that it knows. */
export interface Candidate {
  /** What it is called in questions, such as `k8s/`. */
  readonly label: string;
  readonly environments: readonly Environment[];
  readonly remarks: readonly Remark[];
}

export interface Environment {
  /** The name that a folder or a file gives it; undefined if there is one environment without a name. */
  readonly name: string | undefined;
  /** The folder or the file that it is made of; empty for the root. */
  readonly from: string;
  readonly sources: ManifestSources;
  /** Whether the sources include a chart, which needs a version of Kubernetes. */
  readonly isChart?: true;
}
