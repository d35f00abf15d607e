import { type KubernetesObject, kindKey } from '@slipway/kubernetes';

/** Whether a change of this field makes the workload restart its pods. */
export function restartsPods(object: KubernetesObject, pointer: string): boolean {
  const restarting = ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps'].includes(kindKey(object));
  return restarting && (pointer === '/spec/template' || pointer.startsWith('/spec/template/'));
}
