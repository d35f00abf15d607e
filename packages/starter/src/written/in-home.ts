import { posix } from 'node:path';
import type { ManifestSources } from '@slipway/core';
import type { ProposedFile, ProposedFormation, ProposedService } from '../proposal/contribution.ts';

/** Files that are beside slipway.yaml; Dockerfiles stay with the code. */
const BESIDE = /^(?:slipway|stencils\/[^/]+|formations\/[^/]+|config\/[^/]+)\.yaml$/;

/** A file, with slipway.yaml in the folder `home`. */
export function fileIn(home: string): (file: ProposedFile) => ProposedFile {
  return file => (home !== '' && BESIDE.test(file.path) ? { ...file, path: `${home}/${file.path}` } : file);
}

/** A service, with its context as seen from there. */
export function serviceIn(home: string): (one: ProposedService) => ProposedService {
  return one => {
    const { build } = one.service;
    if (home === '' || build === undefined) return one;
    return {
      ...one,
      service: { ...one.service, build: { ...build, context: seenFrom(home, build.context) } },
    };
  };
}

/** A formation, with its sources as seen from there. */
export function formationIn(home: string): (formation: ProposedFormation) => ProposedFormation {
  return formation =>
    home === '' || formation.sources === undefined
      ? formation
      : { ...formation, sources: sourcesIn(home, formation.sources) };
}

function sourcesIn(home: string, sources: ManifestSources): ManifestSources {
  const from = (path: string): string => seenFrom(home, path);
  const entries = Object.entries(sources).map(([name, { helm, kustomize, manifests, ...rest }]) => [
    name,
    {
      ...rest,
      ...(helm && { helm: { ...helm, ...chartIn(from, helm) } }),
      ...(kustomize && {
        kustomize: {
          ...kustomize,
          ...(kustomize.directory !== undefined && { directory: from(kustomize.directory) }),
        },
      }),
      ...(manifests && {
        manifests: {
          ...manifests,
          ...(manifests.paths && { paths: manifests.paths.map(from) }),
          ...(manifests.exclude && { exclude: manifests.exclude.map(from) }),
        },
      }),
    },
  ]);
  return Object.fromEntries(entries) as ManifestSources;
}

function chartIn(
  from: (path: string) => string,
  helm: { readonly chart?: string; readonly 'values-files'?: readonly string[] },
): object {
  const { chart, 'values-files': values } = helm;
  return {
    ...(chart !== undefined && { chart: from(chart) }),
    ...(values && { 'values-files': values.map(from) }),
  };
}

function seenFrom(home: string, path: string): string {
  return posix.relative(home, path);
}
