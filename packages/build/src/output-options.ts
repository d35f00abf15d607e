import type { BuildOutput, ImageBuild } from './image-build.ts';

/** Labels with names that OCI defines, which registries and scanners read from annotations. https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md */
const OCI_PREFIX = 'org.opencontainers.image.';

/** The value of `--output` for BuildKit's clients; undefined for a build without a result. */
export function outputOption(build: ImageBuild, output: BuildOutput): string | undefined {
  if (output === 'discard') return undefined;
  if (output === 'push') return csv(pushFields(build));
  if ('files' in output) return csv(['type=local', `dest=${output.files}`]);
  return csv(['type=oci', 'tar=false', `dest=${output.layout}`, 'rewrite-timestamp=true']);
}

/** The annotations of an image: its labels with names that OCI defines. */
export function annotationsOf({ labels }: ImageBuild): [string, string][] {
  return Object.entries(labels).filter(([name]) => name.startsWith(OCI_PREFIX));
}

/**
 * Images are pushed by digest, so that no tag exists before all images do. Times are set to the commit's, so that the same
 * sources result in the same digest: https://github.com/moby/buildkit/blob/v0.29.0/docs/build-repro.md
 */
function pushFields(build: ImageBuild): string[] {
  return [
    'type=image',
    `name=${build.repository}`,
    'push=true',
    'push-by-digest=true',
    'name-canonical=true',
    'oci-mediatypes=true',
    'rewrite-timestamp=true',
    ...(build.plainHttp ? ['registry.insecure=true'] : []),
    ...annotationsOf(build).flatMap(([name, value]) => annotationFields(build, name, value)),
  ];
}

/** BuildKit refuses annotations for an index when it does not write one. */
function annotationFields({ platforms, attestations }: ImageBuild, name: string, value: string): string[] {
  const hasIndex = platforms.length > 1 || attestations !== undefined;
  return [`annotation.${name}=${value}`, ...(hasIndex ? [`annotation-index.${name}=${value}`] : [])];
}

/** BuildKit parses the option as a line of CSV. */
function csv(fields: readonly string[]): string {
  return fields.map(field => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}
