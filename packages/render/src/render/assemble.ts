import { API_VERSION, type Problems, type Rendered, RenderedDigest, type Seal } from '@slipway/core';
import { isKubernetesObject, type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import { parseDocuments, stringifyYaml } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import { type RenderedManifest, renderedObject } from '../manifests/rendered-object.ts';
import { canonicalTraced, type TracedMap, tracedToJson } from '../trace/traced.ts';
import { commentsOf } from './comments.ts';
import type { Draft } from './draft.ts';
import { sealObject } from './seal.ts';
import { SourceMapBuilder } from './source-map.ts';
import { splicedText } from './spliced.ts';

/** What rendered.json records about where a rendering came from. */
export type Description = Pick<
  Rendered,
  | 'application'
  | 'formation'
  | 'destination'
  | 'namespace'
  | 'snapshot'
  | 'kubernetes'
  | 'configRevision'
  | 'sharedRevisions'
  | 'set'
  | 'tools'
>;

/**
 * Takes finished drafts one by one and keeps only what will be written: the text of its manifest and its positions. Of 10,000 objects
 * only the current one is in memory as a tree.
 */
export class Assembly {
  readonly #description: Description;
  readonly #problems: Problems<RenderErrorCode>;
  readonly #manifests = new Map<string, Manifest>();
  readonly #objects: RenderedManifest[] = [];
  readonly #digest: RenderedDigest;
  readonly #seals: Seal[] = [];
  readonly #sourceMap = new SourceMapBuilder();

  constructor(description: Description, problems: Problems<RenderErrorCode>) {
    this.#description = description;
    this.#problems = problems;
    this.#digest = new RenderedDigest(description);
  }

  add(draft: Draft, object: KubernetesObject): void {
    const { file } = draft;
    const manifest = this.#manifests.get(file) ?? new Manifest(file);
    this.#manifests.set(file, manifest);
    const document = manifest.count;
    const { namespace } = this.#description;
    const report = this.#problems.add.bind(this.#problems);
    const { traced, seals } = sealObject(draft, { object, file, document, namespace, report });
    // With any problem nothing will be written.
    if (this.#problems.found.length > 0) return;
    this.#seals.push(...seals);
    this.#sourceMap.addObject(file, document, traced);
    this.#objects.push({
      reference: referenceTo(object),
      file,
      document,
      read: () => manifest.objectAt(document),
    });
    manifest.add(traced);
    this.#digest.add(canonicalTraced(traced));
  }

  /** @throws SlipwayError with all problems that were found */
  finish(): Omit<RenderedDestination, 'warnings'> {
    this.#problems.throwIfAny();
    const covered: Omit<Rendered, 'digest'> = {
      apiVersion: API_VERSION,
      kind: 'Rendered',
      ...this.#description,
      files: [...this.#manifests.keys()],
      seals: this.#seals,
    };
    const sourceMap = this.#sourceMap.build();
    return {
      rendered: { ...covered, digest: this.#digest.of(covered) },
      objects: this.#objects.map((manifest, index) =>
        renderedObject(manifest, sourceMap, sourceMap.objects[index]),
      ),
      sourceMap,
      manifests: new Map([...this.#manifests].map(([file, manifest]) => [file, manifest.text])),
    };
  }
}

/** One file of the result. */
class Manifest {
  readonly #file: string;
  readonly #texts: string[] = [];
  #objects: readonly KubernetesObject[] | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  get count(): number {
    return this.#texts.length;
  }

  get text(): string {
    return this.#texts.join('---\n');
  }

  add(traced: TracedMap): void {
    this.#texts.push(splicedText(traced) ?? stringifyYaml(tracedToJson(traced), commentsOf(traced)));
  }

  /** The object as it is read from the manifest. */
  objectAt(document: number): KubernetesObject {
    this.#objects ??= parseDocuments(this.text, this.#file).map(({ value }) => value as KubernetesObject);
    const object = this.#objects[document];
    if (!isKubernetesObject(object)) throw new TypeError(`${this.#file} has no object ${document}`);
    return object;
  }
}
