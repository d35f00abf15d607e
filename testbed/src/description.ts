import type { Testbed } from './run/options.ts';

/** How to look around in a testbed, for a person. */
export function describe(testbed: Testbed): string {
  const { cluster, registry, buildkit } = testbed;
  const lines = [
    cluster && `  kubectl   ${cluster.kubectl} --kubeconfig ${cluster.kubeconfig}`,
    cluster?.node && `  node      ${cluster.node.name} at ${cluster.node.address}`,
    registry &&
      `  registry  http://${registry.address}${registry.username ? ` (${registry.username}:${registry.password})` : ''}`,
    buildkit && `  buildkit  ${buildkit.buildctl} --addr ${buildkit.address}`,
    `  logs      ${testbed.directory}/logs`,
  ];
  return `${lines.filter(Boolean).join('\n')}\n`;
}

/** A testbed as lines for a shell to evaluate: the variables that programs know, and the testbed's own. */
export function shellExports(testbed: Testbed): string {
  return Object.entries(variables(testbed))
    .map(([name, value]) => `export ${name}=${quoteForShell(value)}\n`)
    .join('');
}

function variables({ directory, cluster, registry, buildkit }: Testbed): Record<string, string> {
  return {
    SLIPWAY_TESTBED: directory,
    ...(cluster && { KUBECONFIG: cluster.kubeconfig, SLIPWAY_TESTBED_KUBECTL: cluster.kubectl }),
    ...(registry && { SLIPWAY_TESTBED_REGISTRY: registry.address }),
    ...(registry?.dockerConfig && { DOCKER_CONFIG: registry.dockerConfig }),
    ...(buildkit && { BUILDKIT_HOST: buildkit.address, SLIPWAY_TESTBED_BUILDCTL: buildkit.buildctl }),
  };
}

function quoteForShell(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
