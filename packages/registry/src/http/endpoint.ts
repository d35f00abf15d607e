const LOOPBACK_PATTERN = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;

/** Registries on this machine speak plain HTTP, as for Docker. */
export function isLoopback(registry: string): boolean {
  return LOOPBACK_PATTERN.test(registry);
}

/** Whether a registry is spoken to without TLS: on this machine, or because it was named. */
export function isPlainHttp(registry: string, plainHttpRegistries: readonly string[]): boolean {
  return isLoopback(registry) || plainHttpRegistries.includes(registry);
}

/** Where the API of a registry is; Docker Hub's is not under its own name. */
export function endpointOf(registry: string, plainHttpRegistries: readonly string[]): URL {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  return new URL(`${isPlainHttp(registry, plainHttpRegistries) ? 'http' : 'https'}://${host}/v2/`);
}
