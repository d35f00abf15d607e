import type { KubernetesObject } from '@slipway/kubernetes';
import type { CheckedObject } from './request.ts';

/** An object as the checks see it. */
export interface Subject {
  readonly checked: CheckedObject;
  /** The object as admission sees it; pointers into it are pointers into the object as it was written. */
  readonly view: KubernetesObject;
  /** The old object, as admission sees it. */
  readonly old?: KubernetesObject;
}
