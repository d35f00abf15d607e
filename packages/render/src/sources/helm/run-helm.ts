import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Position, type Problem, Problems, quote, SlipwayError } from '@slipway/core';
import { parseDocuments, type Span, type YamlDocument } from '@slipway/yaml';
import type { RenderErrorCode } from '../../error-codes.ts';
import { filesBelow } from '../../files/file-source.ts';
import { ForeignDocument, type ForeignManifest, type RevisionOf } from '../foreign-document.ts';
import { traceSealed } from '../sealed-tokens.ts';
import { type SourceTools, toolEnvironment } from '../tools.ts';
import { kindOfPath, refuseStrays } from '../workspace-paths.ts';
import { ChartFiles } from './chart-files.ts';
import { helmProblem } from './helm-errors.ts';
import { type HelmManifest, helmManifests } from './helm-output.ts';
import type { HelmRelease } from './helm-release.ts';
import { withoutHook } from './hooks.ts';
import { TemplateLines } from './template-lines.ts';

/**
 * The manifests that `helm template` makes of a chart.
 * @param home a folder for this run only
 * @throws SlipwayError with what is wrong with the chart, its values or its templates
 */
export async function runHelm(
  release: HelmRelease,
  namespace: string,
  tools: SourceTools,
  home: string,
): Promise<ForeignManifest[]> {
  const { workspace } = tools;
  const kind = checkFiles(release, workspace);
  const files = await ChartFiles.of(filesBelow(workspace), release.chart.path, kind);
  const args = await templateArguments(release, namespace, workspace, home);
  const template = async (): Promise<HelmManifest[]> => {
    const environment = toolEnvironment(tools, home);
    const { exitCode, stdout, stderr } = await tools.exec('helm', args, { cwd: home, environment });
    if (exitCode === 0) return helmManifests(stdout);
    throw new SlipwayError(helmProblem(stderr, path => files.pathOf(path), release.chart.at));
  };
  // Twice, to detect templates that make random keys or read the clock, as they would change with every release.
  const [first, second] = await Promise.all([template(), template()]);
  const problems = new Problems<RenderErrorCode>();
  const manifests: ForeignManifest[] = [];
  for (const [index, manifest] of first.entries())
    await problems.collect(async () => {
      const isSame = second[index]?.text === manifest.text && first.length === second.length;
      manifests.push(
        ...(await foreignManifests(manifest, isSame, { release, files, revisionOf: tools.revisionOf })),
      );
    });
  problems.throwIfAny();
  return manifests;
}

function checkFiles({ chart, values }: HelmRelease, workspace: string): 'folder' | 'file' {
  const kind = kindOfPath(workspace, chart);
  const { path, at } = chart;
  if (kind === 'folder') {
    refuseStrays(workspace, chart);
    kindOfPath(workspace, { path: `${path}/Chart.yaml`, at });
  } else if (!/\.(?:tgz|tar\.gz)$/.test(path))
    throw new SlipwayError<RenderErrorCode>({
      code: 'source-missing',
      at,
      message: `${quote(path)} is not a chart`,
      remedy: 'name the folder of Chart.yaml or a .tgz file',
    });
  for (const file of values) if ('path' in file) kindOfPath(workspace, file);
  return kind;
}

async function templateArguments(
  { release, chart, values, apiVersions, kubernetes }: HelmRelease,
  namespace: string,
  workspace: string,
  home: string,
): Promise<string[]> {
  const files = await Promise.all(
    values.map(async (value, index) => {
      if ('path' in value) return join(workspace, value.path);
      const file = join(home, `values-${index}.json`);
      await writeFile(file, value.json, { mode: 0o600 });
      return file;
    }),
  );
  return [
    ...['template', release, join(workspace, chart.path)],
    ...['--namespace', namespace, '--kube-version', `${kubernetes}.0`, '--include-crds', '--skip-tests'],
    ...apiVersions.flatMap(version => ['--api-versions', version]),
    ...files.flatMap(file => ['--values', file]),
  ];
}

interface Templates {
  readonly release: HelmRelease;
  readonly files: ChartFiles;
  readonly revisionOf: RevisionOf;
}

async function foreignManifests(
  { template, text }: HelmManifest,
  isSame: boolean,
  { release, files, revisionOf }: Templates,
): Promise<ForeignManifest[]> {
  const path = files.pathOf(template) ?? files.chartFile;
  const written = await files.read(path);
  const lines = written === undefined ? undefined : new TemplateLines(path, written, text);
  const positionAt = (line: number): Position => lines?.positionAt(line) ?? { path, line: 1, column: 1 };
  const locate = (span: Span, document: YamlDocument): Position =>
    positionAt(document.positionOfSpan(span).line);
  const [, ...below] = template.split('/');
  const name = [release.source, ...below].join('/').replace(/\.[^./]*$/, '');
  return parsed(text, path).map(found => {
    const duplicates = found.duplicateKeys.map(({ key, at, first }) => ({
      key,
      at: positionAt(at.line),
      first: positionAt(first.line),
    }));
    const document = new ForeignDocument(found, path, locate, revisionOf, duplicates);
    return {
      ...{ name, document },
      trace: (node, { report, warn }) =>
        withoutHook(traceSealed(document, node, release.tokens, report), release.source, warn),
      ...(isSame ? clockWarning(template, path, written) : { problem: random(template, path) }),
    };
  });
}

function parsed(text: string, path: string): readonly YamlDocument[] {
  try {
    return parseDocuments(text, path);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const [{ message }] = error.problems as [Problem];
    throw new SlipwayError<RenderErrorCode>(
      {
        code: 'source-failed',
        at: { path, line: 1, column: 1 },
        message: `the output of this template is not YAML that Kubernetes reads: ${message}`,
        remedy: 'fix the template',
      },
      { cause: error },
    );
  }
}

/** `now` as a function in an action, and not as part of a name or a text. */
const CLOCK = /\{\{[^}]*(?<![\w.$"-])now(?![\w"-])[^}]*\}\}/;

/** A warning for a template that reads the clock: a date is the same in two runs today, but not tomorrow. */
function clockWarning(
  template: string,
  path: string,
  written = '',
): { readonly warning?: Problem<RenderErrorCode> } {
  const offset = written.search(CLOCK);
  if (offset < 0) return {};
  return {
    warning: {
      code: 'source-random',
      at: { path, line: written.slice(0, offset).split('\n').length, column: 1 },
      message: `the template ${quote(template)} reads the clock, so its output may be different on another day`,
      remedy: 'use a value instead of now',
    },
  };
}

function random(template: string, path: string): Problem<RenderErrorCode> {
  return {
    code: 'source-random',
    at: { path, line: 1, column: 1 },
    message: `the template ${quote(template)} gives a different output each time, as with randAlphaNum, genCA or now`,
    remedy: 'set what it generates by a value, such as a secret, or exclude it by spec.stencils',
  };
}
