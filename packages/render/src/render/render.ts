import { type Problem, Problems, quote, type Snapshot } from '@slipway/core';
import type { YamlDocument, YamlNode } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import type { FormationFile, Repository } from '../repository/repository.ts';
import type { Target } from '../values/address-table.ts';
import { overrides } from '../values/overrides.ts';
import { Assembly, type Description } from './assemble.ts';
import { type Draft, objectOf, Twins } from './draft.ts';
import { labelsOf, namePrefixOf } from './formation-fields.ts';
import { labelled } from './labels.ts';
import { manifestFile } from './manifest-file.ts';
import { mergeRulesOf } from './merge-rules.ts';
import { prefixed } from './name-prefix.ts';
import { applyPatches, patchesOf } from './patches.ts';
import { placed, placementOf } from './placement.ts';
import { restartWarnings } from './pod-templates.ts';
import { type Selected, selectStencils } from './selection.ts';
import { Substitution } from './substitute.ts';
import { placeOfOrigin, type Traced, textAt, tracedAt } from './traced.ts';
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
  readonly #resolver: WordResolver;
  readonly #problems = new Problems<RenderErrorCode>();
  readonly #warnings: Problem<RenderErrorCode>[] = [];

  constructor(repository: Repository, request: RenderRequest) {
    const file = repository.formationFiles.get(request.formation);
    if (file === undefined) throw new TypeError(`no formation ${request.formation}`);
    this.#repository = repository;
    this.#request = request;
    this.#file = file;
    this.#resolver = resolverFor(repository, request);
  }

  run(): RenderedDestination {
    const { stencils: all } = this.#repository;
    const stencils = selectStencils(all, this.#file, this.#repository, problem =>
      this.#warnings.push(problem),
    );
    if (stencils.length === 0) this.#reportNothing();
    const assembly = new Assembly(this.#description(), this.#problems);
    const twins = new Twins(this.#report);
    for (const draft of this.#finished(stencils)) {
      const object = objectOf(draft, this.#report);
      if (object !== undefined) {
        twins.add(draft, object);
        assembly.add(draft, object);
      }
      this.#warnings.push(...restartWarnings(draft));
    }
    return { ...assembly.finish(), warnings: this.#warnings };
  }

  /** One by one, unless something has to see all of them. */
  *#finished(stencils: readonly Selected[]): Iterable<Draft> {
    const placement = placementOf(this.#repository, this.#request);
    const adjustments = this.#adjustments();
    const patches = patchesOf(this.#file, this.#request.destination).map(({ document, node }) =>
      this.#substitute(document, node),
    );
    const written = this.#written(stencils);
    const patched =
      patches.length === 0
        ? written
        : applyPatches([...written], patches, mergeRulesOf(this.#repository), this.#report);
    if (adjustments === undefined) {
      for (const draft of patched) yield placed(draft, placement);
      return;
    }
    yield* adjustments([...patched].map(draft => placed(draft, placement)));
  }

  /** What a formation asks of all its objects, so that several can be in one namespace. */
  #adjustments(): ((drafts: readonly Draft[]) => readonly Draft[]) | undefined {
    const substitute = (document: YamlDocument, node: YamlNode): Traced => this.#substitute(document, node);
    const labels = labelsOf(this.#file, substitute, this.#report);
    const prefix = namePrefixOf(this.#file, substitute, this.#report);
    if (labels.size === 0 && prefix === undefined) return undefined;
    const namespace = namespaceOf(this.#repository, this.#request);
    return drafts => {
      const withLabels = labels.size === 0 ? drafts : labelled(drafts, labels);
      return prefix === undefined ? withLabels : prefixed(withLabels, prefix, namespace);
    };
  }

  #description(): Description {
    const { formation, destination, snapshot, configRevision } = this.#request;
    const { kubernetes } = this.#file.formation.spec;
    return {
      application: this.#repository.application.metadata.name,
      formation,
      destination,
      namespace: namespaceOf(this.#repository, this.#request),
      ...(snapshot === undefined ? {} : { snapshot }),
      ...(kubernetes === undefined ? {} : { kubernetes }),
      ...(configRevision === undefined ? {} : { configRevision }),
    };
  }

  readonly #report = (problem: Problem<RenderErrorCode>): void => this.#problems.add(problem);

  #substitute(document: YamlDocument, node: YamlNode): Traced {
    return new Substitution(document, this.#resolver, this.#report).node(node);
  }

  *#written(stencils: readonly Selected[]): Iterable<Draft> {
    for (const stencil of stencils) yield* this.#drafts(stencil);
  }

  /** The objects of one stencil: several if it is a `List`. */
  #drafts({ document, nodes }: Selected): Draft[] {
    const { directory, sharedDirectories } = this.#repository;
    const file = manifestFile(document.path, [directory, ...sharedDirectories]);
    const parts = nodes.flatMap(node => {
      const traced = this.#substitute(document, node);
      // A list of items may be one placeholder, which only now is a list.
      const items = textAt(traced, 'kind')?.endsWith('List') ? tracedAt(traced, 'items') : undefined;
      return items?.kind === 'list' ? items.items : [traced];
    });
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
}

function resolverFor(repository: Repository, request: RenderRequest): WordResolver {
  const given = overrides(request.set ?? {});
  const values = given.length === 0 ? repository.values : repository.values.with(given);
  return new WordResolver({
    repository,
    target: request,
    values: values.for(request),
    secrets: repository.secrets.for(request),
    ...(request.snapshot === undefined ? {} : { snapshot: request.snapshot }),
  });
}
