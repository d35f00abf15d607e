/** One image to build: everything that decides its content, and where it is pushed. Paths are absolute. */
export interface ImageBuild {
  readonly service: string;
  readonly context: string;
  readonly dockerfile: string;
  /** The Dockerfile's path in the workspace, for messages. */
  readonly dockerfileName: string;
  /** Further contexts that the Dockerfile may copy from, by name. */
  readonly contexts: Readonly<Record<string, NamedContext>>;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  /** Ids of the secrets that the Dockerfile mounts. */
  readonly secrets: readonly string[];
  /** Such as `linux/arm64`; the builder's own if empty. */
  readonly platforms: readonly string[];
  /** Labels of the image's config. Those with names that OCI defines also become annotations of the manifest and the index. */
  readonly labels: Readonly<Record<string, string>>;
  /** The labels that are written in slipway.yaml and do not depend on the commit. */
  readonly ownLabels?: Readonly<Record<string, string>>;
  /** Attestations that are pushed with the image; none if absent. */
  readonly attestations?: Attestations;
  /** Seconds since 1970; every later time in the image is set to this one. */
  readonly sourceDateEpoch: number;
  /** `registry/repository` that the image is pushed to, by digest and without a tag. */
  readonly repository: string;
  /** Whether the registry is used without TLS. */
  readonly plainHttp: boolean;
  /** Where built steps are cached, in addition to the builder's own cache. */
  readonly cache: CacheChoice;
  /** Set where a build that is pushed reads the cache only, so that later builds find nothing of its code. */
  readonly readsCacheOnly?: true;
  /** Where the cache `registry` is, if not in `repository`. */
  readonly cacheFrom?: { readonly repository: string; readonly plainHttp: boolean };
  /** The part of a build whose caches these are: those of another machine are of no use to it, and would replace them. */
  readonly cacheScope?: string;
  /** The folder of the cache `local`, absolute. */
  readonly cacheDirectory?: string;
  /** Whether its Dockerfile may use the keys of the SSH agent (`RUN --mount=type=ssh`). */
  readonly ssh: boolean;
}

/** https://docs.docker.com/build/metadata/attestations/ */
export interface Attestations {
  /** How much the provenance says about the build. */
  readonly provenance?: 'min' | 'max';
  /** The image of the scanner that lists the software in the built image as an SBOM. */
  readonly sbom?: string;
}

export const PROVENANCE_CHOICES = ['none', 'min', 'max'] as const;
export type ProvenanceChoice = (typeof PROVENANCE_CHOICES)[number];

export const CACHE_CHOICES = ['none', 'registry', 'local', 'gha'] as const;
export type CacheChoice = (typeof CACHE_CHOICES)[number];

/** Files of a build outside its context. */
export interface BuildFiles {
  /** The file to which the builder writes what it pushed. */
  readonly metadata: string;
  /** Where buildctl writes every event of the build, as lines of JSON. */
  readonly trace: string;
  /** Files with the secrets' values, by id. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The folder to which a local cache is written before it replaces the old one. */
  readonly newCache: string;
}

/** A folder, an image in a registry by digest, or an image that was written to a folder. Paths are absolute. */
export type NamedContext =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'layout'; readonly path: string; readonly digest: string };

/**
 * What happens to a built image: it is pushed by digest, discarded, written to a folder for other builds, or only its files are
 * written to a folder.
 */
export type BuildOutput = 'push' | 'discard' | { readonly layout: string } | { readonly files: string };
