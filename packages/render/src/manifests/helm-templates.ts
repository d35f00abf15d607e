import { glob } from 'node:fs/promises';
import { posix } from 'node:path';
import { isJsonObject, type Position } from '@slipway/core';
import { decodeText, parseDocuments } from '@slipway/yaml';
import { filesBelow } from '../files/file-source.ts';
import { ChartFiles } from '../sources/helm/chart-files.ts';
import { TemplateLines } from '../sources/helm/template-lines.ts';

const HEADER = /^# Source: (\S.*)$/;

/** Charts of a workspace that are searched at most. */
const MAX_CHARTS = 200;

interface Template {
  readonly path: string;
  readonly text: string;
}

/**
 * The templates in the workspace that Helm's output names as its sources (`# Source: demo/templates/api.yaml`), so that findings point to
 * them. Manifests of charts outside the workspace keep their positions in the output.
 */
export class HelmTemplates {
  readonly #charts: ReadonlyMap<string, readonly ChartFiles[]>;
  readonly #templates = new Map<string, Template>();

  private constructor(charts: ReadonlyMap<string, readonly ChartFiles[]>) {
    this.#charts = charts;
  }

  static isOutput(text: string): boolean {
    return /^---\r?\n# Source: \S/m.test(text);
  }

  static async of(workspace: string): Promise<HelmTemplates> {
    const files = filesBelow(workspace);
    const charts = new Map<string, ChartFiles[]>();
    let count = 0;
    for await (const path of glob('**/Chart.yaml', { cwd: workspace, exclude: isForeign })) {
      count += 1;
      if (count > MAX_CHARTS) break;
      const bytes = await files.read(path).catch(() => undefined);
      const name = bytes === undefined ? undefined : chartName(decodeText(bytes, path), path);
      if (name === undefined) continue;
      const chart = await ChartFiles.of(files, posix.dirname(path), 'folder');
      charts.set(name, [...(charts.get(name) ?? []), chart]);
    }
    return new HelmTemplates(charts);
  }

  /** Reads the templates that an output names, except those that several charts have. */
  async load(output: string): Promise<void> {
    const names = new Set([...output.matchAll(/^# Source: (\S.*)$/gm)].map(([, name = '']) => name.trim()));
    for (const name of names) {
      const charts = this.#charts.get(name.split('/', 1)[0] ?? '') ?? [];
      const found = (await Promise.all(charts.map(chart => templateOf(chart, name)))).filter(
        template => template !== undefined,
      );
      const [only, second] = found;
      if (only !== undefined && second === undefined) this.#templates.set(name, only);
    }
  }

  /** @param line the line of the output, from 1 */
  positionAt(output: string, line: number): Position | undefined {
    const lines = output.split('\n');
    let start = line - 1;
    while (start >= 0 && !HEADER.test(lines[start] ?? '')) {
      if (start < line - 1 && /^---(?:\s|$)/.test(lines[start] ?? '')) return undefined;
      start -= 1;
    }
    const template = this.#templates.get(HEADER.exec(lines[start] ?? '')?.[1]?.trim() ?? '');
    if (template === undefined) return undefined;
    const end = lines.findIndex((text, index) => index > start && /^---(?:\s|$)/.test(text));
    const part = lines.slice(start + 1, end < 0 ? undefined : end).join('\n');
    return new TemplateLines(template.path, template.text, part).positionAt(line - start - 1);
  }
}

function isForeign(name: string): boolean {
  return name === 'node_modules' || (name.startsWith('.') && name !== '.');
}

function chartName(text: string, path: string): string | undefined {
  try {
    const value = parseDocuments(text, path)[0]?.value;
    const name = isJsonObject(value) ? value['name'] : undefined;
    return typeof name === 'string' ? name : undefined;
  } catch {
    // The templates of an unreadable chart cannot be found; rendering the chart reports why.
    return undefined;
  }
}

async function templateOf(chart: ChartFiles, name: string): Promise<Template | undefined> {
  const path = chart.pathOf(name);
  const text = path === undefined ? undefined : await chart.read(path);
  return path === undefined || text === undefined ? undefined : { path, text };
}
