/**
 * The tag that a container runtime would pull: `latest` if there is neither tag nor digest, empty if only a digest. A colon
 * before a slash belongs to the registry's port.
 */
export function imageTag(image: string): string {
  const [name = '', digest] = image.split('@', 2);
  const colon = name.lastIndexOf(':');
  if (colon > name.lastIndexOf('/')) return name.slice(colon + 1);
  return digest === undefined ? 'latest' : '';
}
