import type { KubernetesObject } from '@slipway/kubernetes';
import type { CheckedObject } from './request.ts';

/** An object as the checks look at it. */
export interface Subject {
  readonly checked: CheckedObject;
  /** As admission sees it; places in it are places in the object that was written. */
  readonly view: KubernetesObject;
  /** The same of the object as it was. */
  readonly old?: KubernetesObject;
}
