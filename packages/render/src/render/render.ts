import {
  API_VERSION,
  type Formation,
  type KubernetesObject,
  type Problem,
  Problems,
  quote,
  type Rendered,
  renderedDigest,
  type Snapshot,
  valueAt,
} from '@slipway/core';
import type { YamlDocument, YamlNode } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import { renderedObject } from '../manifests/rendered-object.ts';
import type { FormationFile, Repository } from '../repository/repository.ts';
import { AddressTable, type Target } from '../values/address-table.ts';
import { overrides } from '../values/overrides.ts';
import { type Draft, objectOf, type Placement, placed, reportTwins } from './draft.ts';
import { manifestFile } from './manifest-file.ts';
import { applyPatches, patchNodes } from './patches.ts';
import { restartWarnings } from './pod-templates.ts';
import { sealObject } from './seal.ts';
import { selectStencils } from './selection.ts';
import { SourceMapBuilder } from './source-map.ts';
import { Substitution } from './substitute.ts';
import { placeOfOrigin, type Traced, type TracedMap, textAt, tracedAt, tracedToJson } from './traced.ts';
import { namespaceOf, WordResolver } from './word-resolver.ts';

export interface RenderRequest extends Target {
  /** Without one, images are marked unresolved. */
  readonly snapshot?: Snapshot;
  /** Values of this run, by word. */
  readonly set?: Readonly<Record<string, string>>;
  /** The Git revision of the repository's files. */
  readonly configRevision?: string;
}

/**
 * Renders one destination of a formation. The same repository and request give the same bytes.
 * @throws SlipwayError with every problem found
 */
export function render(repository: Repository, request: RenderRequest): RenderedDestination {
  return new Rendering(repository, request).run();
}

class Rendering {
  readonly #repository: Repository;
  readonly #request: RenderRequest;
  readonly #file: FormationFile;
  readonly #namespace: string;
  readonly #resolver: WordResolver;
  readonly #problems = new Problems<RenderErrorCode>();
  readonly #warnings: Problem<RenderErrorCode>[] = [];

  constructor(repository: Repository, request: RenderRequest) {
    const file = repository.formationFiles.get(request.formation);
    if (file === undefined) throw new TypeError(`no formation ${request.formation}`);
    this.#repository = repository;
    this.#request = request;
    this.#file = file;
    this.#namespace = namespaceOf(repository, request);
    this.#resolver = resolverFor(repository, request);
  }

  run(): RenderedDestination {
    const stencils = selectStencils(this.#repository.stencils, this.#file, problem =>
      this.#warnings.push(problem),
    );
    if (stencils.length === 0) this.#reportNothing();
    const written = stencils.flatMap(stencil => this.#drafts(stencil));
    const patches = patchNodes(this.#file, this.#request.destination).map(node =>
      this.#substitute(this.#file.document, node),
    );
    const drafts = applyPatches(written, patches, this.#report).map(draft =>
      placed(draft, this.#placement()),
    );
    const found = drafts.flatMap(draft => {
      const object = objectOf(draft, this.#report);
      return object === undefined ? [] : [{ draft, object }];
    });
    reportTwins(found, this.#report);
    for (const draft of drafts) this.#warnings.push(...restartWarnings(draft));
    return this.#finish(found);
  }

  readonly #report = (problem: Problem<RenderErrorCode>): void => this.#problems.add(problem);

  #substitute(document: YamlDocument, node: YamlNode): Traced {
    return new Substitution(document, this.#resolver, this.#report).node(node);
  }

  /** The objects of one stencil: several if it is a `List`. */
  #drafts(stencil: YamlDocument): Draft[] {
    const traced = this.#substitute(stencil, stencil.root);
    const file = manifestFile(stencil.path);
    const items = textAt(traced, 'kind')?.endsWith('List') ? tracedAt(traced, 'items') : undefined;
    const parts = items?.kind === 'list' ? items.items : [traced];
    return parts.flatMap(part =>
      part.kind === 'map' ? [{ file, traced: part }] : this.#reportNoObject(part),
    );
  }

  #reportNoObject(part: Traced): [] {
    this.#report({
      code: 'object-invalid',
      at: placeOfOrigin(part.origin),
      message: 'this document is no Kubernetes object',
      remedy: 'write a manifest with apiVersion, kind and metadata',
    });
    return [];
  }

  #reportNothing(): void {
    this.#report({
      code: 'nothing-to-render',
      at: this.#file.document.positionOf(['spec', 'stencils']),
      message: `no stencil is left for the formation ${quote(this.#request.formation)}`,
      remedy: 'add stencils/*.yaml or mend spec.stencils',
    });
  }

  #placement(): Placement {
    const { destination } = this.#request;
    const at = this.#file.document.positionOf(['spec', 'destinations', destination, 'namespace']);
    const allowed = this.#file.formation.spec.allow?.['cluster-scoped'] ?? [];
    const defined = clusterScopedByDefinition(this.#repository);
    return {
      namespace: this.#namespace,
      source: { segments: ['destinations', destination, 'namespace'], content: this.#namespace, at },
      clusterScoped: (apiVersion, kind) =>
        allowed.includes(kind) || defined.has(`${apiVersion.split('/')[0]}/${kind}`),
    };
  }

  #finish(
    found: readonly { readonly draft: Draft; readonly object: KubernetesObject }[],
  ): RenderedDestination {
    const sourceMap = new SourceMapBuilder();
    const counts = new Map<string, number>();
    const sealed = found.map(({ draft, object }) => {
      const document = counts.get(draft.file) ?? 0;
      counts.set(draft.file, document + 1);
      const context = {
        object,
        file: draft.file,
        document,
        namespace: this.#namespace,
        report: this.#report,
      };
      return { file: draft.file, document, ...sealObject(draft, context) };
    });
    this.#problems.throwIfAny();
    for (const { file, document, traced } of sealed) sourceMap.addObject(file, document, traced);
    const map = sourceMap.build();
    const objects = sealed.map(({ traced, ...place }, index) =>
      renderedObject(asObject(traced), place, map, map.objects[index]),
    );
    const covered = this.#describe(
      [...counts.keys()],
      sealed.flatMap(({ seals }) => seals),
    );
    const digest = renderedDigest(
      covered,
      objects.map(({ object }) => object),
    );
    return { rendered: { ...covered, digest }, objects, sourceMap: map, warnings: this.#warnings };
  }

  #describe(files: readonly string[], seals: Rendered['seals']): Omit<Rendered, 'digest'> {
    const { formation, destination, snapshot, configRevision } = this.#request;
    const kubernetes = (this.#file.formation as Formation).spec.kubernetes;
    return {
      apiVersion: API_VERSION,
      kind: 'Rendered',
      application: this.#repository.application.metadata.name,
      formation,
      destination,
      namespace: this.#namespace,
      ...(snapshot === undefined ? {} : { snapshot }),
      ...(kubernetes === undefined ? {} : { kubernetes }),
      ...(configRevision === undefined ? {} : { configRevision }),
      files: [...files],
      seals: [...seals],
    };
  }
}

function resolverFor(repository: Repository, request: RenderRequest): WordResolver {
  const given = overrides(request.set ?? {});
  const values =
    given.length === 0 ? repository.values : new AddressTable([...repository.values.entries, ...given]);
  return new WordResolver({
    repository,
    target: request,
    values: values.for(request),
    secrets: repository.secrets.for(request),
    ...(request.snapshot === undefined ? {} : { snapshot: request.snapshot }),
  });
}

/** `group/kind` of the custom resources that the repository's own definitions say have no namespace. */
function clusterScopedByDefinition({ crds }: Repository): ReadonlySet<string> {
  const clusterScoped = crds.filter(({ value }) => valueAt(value, ['spec', 'scope']) === 'Cluster');
  return new Set(
    clusterScoped.map(
      ({ value }) => `${valueAt(value, ['spec', 'group'])}/${valueAt(value, ['spec', 'names', 'kind'])}`,
    ),
  );
}

/** `objectOf` held the same tree to be one. */
function asObject(traced: TracedMap): KubernetesObject {
  return tracedToJson(traced) as KubernetesObject;
}
