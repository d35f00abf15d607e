/**
 * By which field Kubernetes tells the items of a list apart in a strategic merge, taken from the `patchMergeKey` tags of its
 * API. Lists that are not here are replaced whole.
 * https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/api/core/v1/types.go
 */
const byListName: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  resourceClaims: 'name',
  schedulingGates: 'name',
  ownerReferences: 'uid',
  webhooks: 'name',
};

/** Lists whose name says too little: `ports` of a Service and of a container have different keys. */
const byKindAndPath: readonly (readonly [kind: RegExp, path: RegExp, key: string])[] = [
  [/^Service$/, /^spec\/ports$/, 'port'],
  [/^ServiceAccount$/, /^secrets$/, 'name'],
  [/./, /(?:^|\/)(?:containers|initContainers|ephemeralContainers)\/ports$/, 'containerPort'],
];

/**
 * @param path the keys that lead to the list, without indices
 * @returns undefined for a list that a patch replaces
 */
export function mergeKeyOf(kind: string, path: readonly string[]): string | undefined {
  const text = path.join('/');
  const special = byKindAndPath.find(([kinds, paths]) => kinds.test(kind) && paths.test(text));
  if (special !== undefined) return special[2];
  const name = path.at(-1) ?? '';
  return Object.hasOwn(byListName, name) ? byListName[name] : undefined;
}
