import type { BuildOutput, ImageBuild } from './image-build.ts';

/** Names that OCI gives a meaning to, which registries and scanners read from annotations. https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md */
const OCI_PREFIX = 'org.opencontainers.image.';

/** The `--output` of BuildKit's clients, or undefined where nothing is to come out. */
export function outputOption(build: ImageBuild, output: BuildOutput): string | undefined {
  if (output === 'discard') return undefined;
  if (output === 'push') return csv(pushFields(build));
  if ('files' in output) return csv(['type=local', `dest=${output.files}`]);
  return csv(['type=oci', 'tar=false', `dest=${output.layout}`, 'rewrite-timestamp=true']);
}

/** The annotations of an image: those of its labels that are OCI's. */
export function annotationsOf({ labels }: ImageBuild): [string, string][] {
  return Object.entries(labels).filter(([name]) => name.startsWith(OCI_PREFIX));
}

/**
 * Pushed by digest, so that no tag exists before all images do. Times are set to the commit's, so that the same sources give
 * the same digest: https://github.com/moby/buildkit/blob/v0.29.0/docs/build-repro.md
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

/** BuildKit refuses annotations of an index where it makes none. */
function annotationFields({ platforms, attestations }: ImageBuild, name: string, value: string): string[] {
  const hasIndex = platforms.length > 1 || attestations !== undefined;
  return [`annotation.${name}=${value}`, ...(hasIndex ? [`annotation-index.${name}=${value}`] : [])];
}

/** BuildKit reads the option as a line of CSV. */
function csv(fields: readonly string[]): string {
  return fields.map(field => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}
