/** A pod that every level admits, and what is changed in it. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Changes = { readonly [key: string]: Json };

const secure: Changes = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
};

export interface PodCase {
  readonly pod?: Changes;
  /** Fields of the pod's securityContext. */
  readonly context?: Changes;
  readonly container?: Changes;
  /** Fields of the container's securityContext. */
  readonly security?: Changes;
  readonly annotations?: Readonly<Record<string, string>>;
}

export function podSpec({ pod = {}, context = {}, container = {}, security = {} }: PodCase) {
  const main = { name: 'main', image: 'nginx:1', ...container, securityContext: { ...secure, ...security } };
  const securityContext = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' }, ...context };
  return { containers: [main], ...pod, securityContext };
}

const extra = (list: string, securityContext: Json): PodCase => ({
  pod: { [list]: [{ name: 'extra', image: 'nginx:1', securityContext }] },
});

/** For each control something that it forbids, what comes close to that, and what it has nothing against. */
export const pods: Readonly<Record<string, PodCase>> = {
  'a pod that keeps to all of it': {},
  'the network of the host': { pod: { hostNetwork: true } },
  'host namespaces switched off': { pod: { hostNetwork: false, hostPID: false, hostIPC: false } },
  'the processes of the host': { pod: { hostPID: true } },
  'the IPC of the host': { pod: { hostIPC: true } },
  'a privileged container': { security: { privileged: true, allowPrivilegeEscalation: true } },
  'a container that is explicitly not privileged': { security: { privileged: false } },
  'a privileged init container': extra('initContainers', { privileged: true }),
  'an init container without any security context': extra('initContainers', null),
  'an init container that keeps to all of it': extra('initContainers', secure as Json),
  'a capability of the default ones': { security: { capabilities: { drop: ['ALL'], add: ['CHOWN'] } } },
  'a capability beyond': { security: { capabilities: { drop: ['ALL'], add: ['NET_RAW'] } } },
  'the capability to bind low ports': {
    security: { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } },
  },
  'capabilities that are kept': { security: { capabilities: { drop: ['NET_RAW'] } } },
  'no word of capabilities': { security: { capabilities: null } },
  'a volume of the node': { pod: { volumes: [{ name: 'v', hostPath: { path: '/var' } }] } },
  'a volume of NFS': { pod: { volumes: [{ name: 'v', nfs: { server: 'a', path: '/b' } }] } },
  'volumes of every harmless kind': {
    pod: {
      volumes: [
        { name: 'a', configMap: { name: 'x' } },
        { name: 'b', secret: { secretName: 'x' } },
        { name: 'c', emptyDir: {} },
        { name: 'd', projected: { sources: [] } },
        { name: 'e', downwardAPI: {} },
        { name: 'f', persistentVolumeClaim: { claimName: 'x' } },
        { name: 'g', csi: { driver: 'a.b' } },
        { name: 'h' },
        { name: 'i', image: { reference: 'nginx:1' } },
        {
          name: 'j',
          ephemeral: {
            volumeClaimTemplate: {
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          },
        },
      ],
    },
  },
  'a port of the host': { container: { ports: [{ containerPort: 80, hostPort: 80 }] } },
  'a port of the container': { container: { ports: [{ containerPort: 80, hostPort: 0 }] } },
  'a probe of another host': {
    container: { readinessProbe: { httpGet: { port: 80, host: 'example.com' } } },
  },
  'a probe of the pod': {
    container: {
      readinessProbe: { httpGet: { port: 80 } },
      livenessProbe: { tcpSocket: { port: 80, host: '' } },
    },
  },
  'a socket probe of this host': {
    container: { startupProbe: { tcpSocket: { port: 80, host: '127.0.0.1' } } },
  },
  'a hook of another host': {
    container: { lifecycle: { preStop: { httpGet: { port: 80, host: 'example.com' } } } },
  },
  'a hook that runs a command': { container: { lifecycle: { postStart: { exec: { command: ['true'] } } } } },
  'an SELinux type of containers': { context: { seLinuxOptions: { type: 'container_t' } } },
  'the SELinux type of container engines': { security: { seLinuxOptions: { type: 'container_engine_t' } } },
  'another SELinux type': { security: { seLinuxOptions: { type: 'spc_t' } } },
  'an SELinux level': { context: { seLinuxOptions: { level: 's0' } } },
  'an SELinux user': { context: { seLinuxOptions: { user: 'system_u' } } },
  'an SELinux role': { security: { seLinuxOptions: { role: 'system_r' } } },
  'the usual /proc': { security: { procMount: 'Default' } },
  'a bare /proc in a user namespace': { pod: { hostUsers: false }, security: { procMount: 'Unmasked' } },
  'no seccomp profile of the pod': { context: { seccompProfile: null } },
  'a seccomp profile of the container only': {
    context: { seccompProfile: null },
    security: { seccompProfile: { type: 'RuntimeDefault' } },
  },
  'an unconfined pod': { context: { seccompProfile: { type: 'Unconfined' } } },
  'an unconfined container': { security: { seccompProfile: { type: 'Unconfined' } } },
  'an unconfined pod whose container is confined': {
    context: { seccompProfile: { type: 'Unconfined' } },
    security: { seccompProfile: { type: 'RuntimeDefault' } },
  },
  'a seccomp profile of the node': {
    context: { seccompProfile: { type: 'Localhost', localhostProfile: 'a.json' } },
  },
  'an AppArmor profile of the runtime': { context: { appArmorProfile: { type: 'RuntimeDefault' } } },
  'no AppArmor': { security: { appArmorProfile: { type: 'Unconfined' } } },
  'no AppArmor for the pod': { context: { appArmorProfile: { type: 'Unconfined' } } },
  'no AppArmor by annotation': {
    annotations: { 'container.apparmor.security.beta.kubernetes.io/main': 'unconfined' },
  },
  'an AppArmor profile by annotation': {
    annotations: { 'container.apparmor.security.beta.kubernetes.io/main': 'localhost/a' },
  },
  'a safe sysctl': { context: { sysctls: [{ name: 'net.ipv4.tcp_rmem', value: '1 2 3' }] } },
  'a sysctl that is safe since 1.37': {
    context: { sysctls: [{ name: 'net.ipv4.tcp_notsent_lowat', value: '1' }] },
  },
  'another sysctl': { context: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } },
  'a container that may gain rights': { security: { allowPrivilegeEscalation: true } },
  'no word of gaining rights': { security: { allowPrivilegeEscalation: null } },
  'no word of root': { context: { runAsNonRoot: null } },
  'a pod that may be root': { context: { runAsNonRoot: false } },
  'a container that may be root': { security: { runAsNonRoot: false } },
  'a container that is not root in a pod that says nothing': {
    context: { runAsNonRoot: null },
    security: { runAsNonRoot: true },
  },
  'a container that is not root in a pod that may be': {
    context: { runAsNonRoot: false },
    security: { runAsNonRoot: true },
  },
  'user 0 of the pod': { context: { runAsUser: 0, runAsNonRoot: null }, security: { runAsNonRoot: true } },
  'user 0 of the container': { security: { runAsUser: 0, runAsNonRoot: null } },
  'another user': { context: { runAsUser: 1000 }, security: { runAsUser: 65534 } },
  'root in a user namespace': { pod: { hostUsers: false }, context: { runAsNonRoot: null, runAsUser: 0 } },
  'a pod of Windows': {
    pod: { os: { name: 'windows' } },
    context: { seccompProfile: null },
    security: { capabilities: null, allowPrivilegeEscalation: null },
  },
  'a pod of Linux': { pod: { os: { name: 'linux' } }, security: { capabilities: null } },
  'a host process of Windows': {
    pod: { hostNetwork: true, os: { name: 'windows' } },
    context: { windowsOptions: { hostProcess: true }, seccompProfile: null },
    security: { capabilities: null, allowPrivilegeEscalation: null },
  },
  'two containers of which one is wrong': {
    pod: {
      initContainers: [
        {
          name: 'sidecar',
          image: 'nginx:1',
          restartPolicy: 'Always',
          securityContext: { allowPrivilegeEscalation: false },
        },
      ],
    },
  },
};
