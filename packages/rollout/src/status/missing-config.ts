import { CONFIG_MAP_MISSING, SECRET_MISSING } from '../windows.ts';

export interface ConfigFailure {
  readonly pattern: RegExp;
  readonly certainAfter: number;
  readonly remedy: string;
}

/**
 * The kubelet's messages about missing configuration of a container or a volume; the first that matches counts.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables),
 * pkg/volume/configmap and pkg/volume/secret, and pkg/kubelet/kuberuntime/security_context_others.go.
 */
const CONFIG_FAILURES: readonly ConfigFailure[] = [
  {
    pattern: /couldn't find key .* in (configmap|secret)|references non-existent (config|secret) key/i,
    certainAfter: 0,
    remedy: 'add the key, or name another one',
  },
  {
    pattern: /configmap ".*" not found/i,
    certainAfter: CONFIG_MAP_MISSING,
    remedy: 'create the ConfigMap, or name another one',
  },
  {
    pattern: /secret ".*" not found/i,
    certainAfter: SECRET_MISSING,
    remedy: 'create the Secret, or name another one',
  },
  {
    pattern: /runAsNonRoot|non-numeric user|run as root/i,
    certainAfter: 0,
    remedy: 'build the image with a numeric user, or set runAsUser',
  },
];

export function configFailure(message: string): ConfigFailure | undefined {
  return CONFIG_FAILURES.find(({ pattern }) => pattern.test(message));
}
