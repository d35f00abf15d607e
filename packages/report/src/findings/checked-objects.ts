import type { Report } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

/** The report about one thing that was checked. */
export interface CheckedReport {
  /** `production/eu`, or `manifests` for plain ones. */
  readonly name: string;
  readonly report: Report;
}

/** The same with the objects that were checked, those without findings included. */
export interface CheckedObjects extends CheckedReport {
  readonly objects: readonly { readonly object: KubernetesObject }[];
}
