import { posix } from 'node:path';
import type { FileSource } from '../../files/file-source.ts';

/** Finds the files of a chart in the workspace by the paths that Helm reports. */
export class ChartFiles {
  readonly #files: FileSource;
  readonly #folder: string;
  readonly #archive: string | undefined;
  readonly #known: ReadonlySet<string>;

  private constructor(
    files: FileSource,
    folder: string,
    archive: string | undefined,
    known: ReadonlySet<string>,
  ) {
    this.#files = files;
    this.#folder = folder;
    this.#archive = archive;
    this.#known = known;
  }

  /** @param chart a folder or an archive, relative to the workspace */
  static async of(files: FileSource, chart: string, kind: 'folder' | 'file'): Promise<ChartFiles> {
    if (kind === 'file') return new ChartFiles(files, posix.dirname(chart), chart, new Set());
    return new ChartFiles(files, chart, undefined, new Set(await files.list(chart)));
  }

  /** The path in the workspace of `demo/templates/api.yaml`, or of the archive that contains it; undefined for any other text. */
  pathOf(template: string): string | undefined {
    const [, ...steps] = template.split('/');
    if (steps.length === 0) return undefined;
    if (this.#archive !== undefined) return this.#archive;
    const path = posix.join(this.#folder, ...steps);
    if (this.#known.has(path)) return path;
    const depth = steps.indexOf('charts');
    const packed = depth < 0 ? undefined : posix.join(this.#folder, ...steps.slice(0, depth + 2));
    const archives = [...this.#known].filter(known => /\.tgz$/.test(known));
    return archives.find(known => packed !== undefined && known.startsWith(`${packed}-`));
  }

  /** The text of a template that is a file of the workspace, and not in an archive. */
  async read(path: string): Promise<string | undefined> {
    if (!this.#known.has(path) || path.endsWith('.tgz')) return undefined;
    const bytes = await this.#files.read(path);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
  }

  /** The file to name for output whose template is not known. */
  get chartFile(): string {
    return this.#archive ?? posix.join(this.#folder, 'Chart.yaml');
  }
}
