import type { JsonObject } from '@slipway/core';
import { NETWORK_TRIAL } from '@slipway/kubernetes';

/** The two ways in which a policy can keep pods apart. A fence needs both. */
export const DIRECTIONS = ['Ingress', 'Egress'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** The pod that answers, and the one that asks it again and again. */
export const SERVER = 'server';
export const CLIENT = 'client';
export const POLICY = 'apart';

const PORT = 8080;
/** Longer than a trial takes. Pods that a killed program left end by themselves. */
const PODS_END_AFTER = 900;

/** BusyBox and Alpine have all of these programs. A connection that is lost on its way must not keep the server from the next one. */
const SERVE = `while :; do echo slipway | nc -l -p ${PORT} -w 5 || sleep 1; done`;
/** Numbers tell the tries before a change from those after it. */
const ASK = `n=0; while :; do n=$((n + 1)); if nc -w 2 "$SERVER" ${PORT} </dev/null | grep -q slipway; then echo "$n reached"; else echo "$n stopped"; fi; sleep 1; done`;

/** The namespace of one trial: what is in it goes with it. */
export function trialNamespace(name: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { [NETWORK_TRIAL]: name, 'pod-security.kubernetes.io/enforce': 'restricted' },
    },
  };
}

export function serverPod(image: string): JsonObject {
  return pod(SERVER, image, SERVE, []);
}

/** @param address that of the server */
export function clientPod(image: string, address: string): JsonObject {
  return pod(CLIENT, image, ASK, [{ name: 'SERVER', value: address }]);
}

/** Both pods are in a namespace without other policies, since policies only ever add to what is allowed. */
export function denial(direction: Direction): JsonObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: POLICY },
    spec: { podSelector: {}, policyTypes: [direction] },
  };
}

/** A pod that Pod Security `restricted` admits, with the limits that quotas ask for. */
function pod(name: string, image: string, script: string, env: readonly JsonObject[]): JsonObject {
  const resources = { cpu: '50m', memory: '32Mi' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      restartPolicy: 'Never',
      activeDeadlineSeconds: PODS_END_AFTER,
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'main',
          image,
          command: ['/bin/sh', '-c', script],
          env: [...env],
          resources: { requests: resources, limits: resources },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  };
}
