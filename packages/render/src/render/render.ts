import { defined, type Problem, Problems, quote } from '@slipway/core';
import { duplicateKeyProblem, type YamlDocument, type YamlNode } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import type { FormationFile, Repository } from '../repository/repository.ts';
import { stencilName } from '../repository/stencil-name.ts';
import type { ForeignManifest } from '../sources/foreign-document.ts';
import type { ForeignManifests } from '../sources/read-sources.ts';
import { positionOfOrigin, type Traced, textAt, tracedAt } from '../trace/traced.ts';
import { resolverFor, type WordRequest } from '../words/resolver-for.ts';
import { Substitution } from '../words/substitute.ts';
import { namespaceOf, type WordResolver } from '../words/word-resolver.ts';
import { Assembly, type Description } from './assemble.ts';
import { type Draft, objectOf, Twins } from './draft.ts';
import { exportedWarnings } from './exported.ts';
import { labelsOf, namePrefixOf } from './formation-fields.ts';
import { labelled } from './labels.ts';
import { manifestFile } from './manifest-file.ts';
import { mergeRulesOf } from './merge-rules.ts';
import { prefixed } from './name-prefix.ts';
import { applyPatches, patchesOf } from './patches.ts';
import { placed, placementOf } from './placement.ts';
import { restartWarnings } from './pod-templates.ts';
import { type Selected, type Stencil, selectStencils } from './selection.ts';

export interface RenderRequest extends WordRequest {
  /** The Git revision of the repository's files. */
  readonly configRevision?: string;
  /** The commits of shared folders that are checkouts themselves, by folder. */
  readonly sharedRevisions?: Readonly<Record<string, string>>;
  /** The manifests that other tools wrote for this target. */
  readonly foreign?: ForeignManifests;
}

/**
 * Renders one target. The same repository and request always produce the same bytes.
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
    const stencils = selectStencils(this.#candidates(), this.#file, this.#warn);
    if (stencils.length === 0) this.#reportNothing();
    const assembly = new Assembly(this.#description(), this.#problems);
    const twins = new Twins(this.#report);
    for (const draft of this.#finished(stencils)) {
      const object = objectOf(draft, this.#report);
      if (object !== undefined) {
        twins.add(draft, object);
        assembly.add(draft, object);
      }
      this.#warnings.push(...restartWarnings(draft), ...exportedWarnings(draft, object));
    }
    const finished = assembly.finish();
    return { ...finished, warnings: [...this.#warnings, ...(this.#request.foreign?.unseen() ?? [])] };
  }

  #candidates(): Stencil[] {
    const { stencils, directory, sharedDirectories } = this.#repository;
    const directories = [directory, ...sharedDirectories];
    const named = stencils.map(document => ({ name: stencilName(document.path, directories), document }));
    const foreign = this.#request.foreign?.manifests ?? [];
    return [...named, ...foreign.map(manifest => ({ ...manifest, foreign: manifest }))];
  }

  /** The finished drafts, one by one unless patches, labels or a prefix need all of them at once. */
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

  /** Labels and prefix, which apply to all objects so that several formations can share a namespace. */
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

  #trace(foreign: ForeignManifest, node: YamlNode): Traced | undefined {
    const substitute = (document: YamlDocument, part: YamlNode): Traced => this.#substitute(document, part);
    return foreign.trace(node, { substitute, report: this.#report, warn: this.#warn });
  }

  #description(): Description {
    const { formation, destination, snapshot, configRevision, sharedRevisions = {}, foreign } = this.#request;
    const { tools = {} } = foreign ?? {};
    const { kubernetes } = this.#file.formation.spec;
    const words = Object.keys(this.#request.set ?? {}).sort();
    return {
      application: this.#repository.application.metadata.name,
      formation,
      destination,
      namespace: namespaceOf(this.#repository, this.#request),
      ...defined({ snapshot, kubernetes, configRevision }),
      ...(Object.keys(sharedRevisions).length === 0 ? {} : { sharedRevisions }),
      ...(words.length === 0 ? {} : { set: words }),
      ...(Object.keys(tools).length === 0 ? {} : { tools }),
    };
  }

  readonly #report = (problem: Problem<RenderErrorCode>): void => this.#problems.add(problem);
  readonly #warn = (problem: Problem<RenderErrorCode>): void => {
    this.#warnings.push(problem);
  };

  #substitute(document: YamlDocument, node: YamlNode): Traced {
    return new Substitution(document, this.#resolver, this.#report).node(node);
  }

  *#written(stencils: readonly Selected[]): Iterable<Draft> {
    for (const stencil of stencils) yield* this.#drafts(stencil);
  }

  /** The objects of one stencil: several if it is a `List`. */
  #drafts({ name, document, nodes, foreign }: Selected): Draft[] {
    const file = manifestFile(name, document.path);
    if (foreign?.problem !== undefined) this.#report(foreign.problem);
    if (foreign?.warning !== undefined) this.#warn(foreign.warning);
    // In a stencil a duplicate key is an error, but a chart may be someone else's.
    if (foreign !== undefined) document.duplicateKeys.map(duplicateKeyProblem).forEach(this.#warn);
    const parts = nodes.flatMap(node => {
      const traced = foreign === undefined ? this.#substitute(document, node) : this.#trace(foreign, node);
      if (traced === undefined) return [];
      // The items of a List may have been one placeholder, which is a list only now.
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
      at: positionOfOrigin(part.origin),
      message: 'this document is not a Kubernetes object',
      remedy: 'write a manifest with apiVersion, kind and metadata',
    });
    return [];
  }

  #reportNothing(): void {
    const { document } = this.#file;
    const formation = `the formation ${quote(this.#request.formation)}`;
    this.#report(
      this.#request.foreign === undefined
        ? {
            code: 'nothing-to-render',
            at: document.positionOf(['spec', 'stencils']),
            message: `${formation} selects no stencils`,
            remedy: 'add stencils/*.yaml, or fix spec.stencils',
          }
        : {
            code: 'nothing-to-render',
            at: document.positionOf(['spec', 'sources']),
            message: `the sources of ${formation} have no objects, and it selects no stencils`,
            remedy: 'add manifests to what the sources name, or fix spec.sources',
          },
    );
  }
}
