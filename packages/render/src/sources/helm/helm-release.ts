import { posix } from 'node:path';
import { type JsonValue, type Problem, quote, stringifyJson } from '@slipway/core';
import { setOwn } from '@slipway/yaml';
import type { RenderErrorCode } from '../../error-codes.ts';
import type { FormationFile } from '../../repository/repository.ts';
import type { Traced } from '../../trace/traced.ts';
import type { Substitute } from '../foreign-document.ts';
import { SealedTokens } from '../sealed-tokens.ts';
import type { NamedPath } from '../workspace-paths.ts';
import { type FormationSource, nearestField } from '../written-sources.ts';

type Report = (problem: Problem<RenderErrorCode>) => void;
type HelmLayers = Extract<FormationSource, { tool: 'helm' }>['layers'];

/** A values file, or values in the formation; later ones win. */
export type Values = NamedPath | { readonly json: string };

/** What `helm template` is called with. */
export interface HelmRelease {
  readonly source: string;
  readonly chart: NamedPath;
  readonly release: string;
  readonly values: readonly Values[];
  readonly apiVersions: readonly string[];
  /** A minor version, such as `1.34`. */
  readonly kubernetes: string;
  readonly tokens: SealedTokens;
}

/** Helm's own rule: https://github.com/helm/helm/blob/v4.0.0/pkg/chart/v2/util/validate_name.go */
const RELEASE_PATTERN = /^[a-z0-9](?:[-a-z0-9]{0,51}[a-z0-9])?$/;

/**
 * Reads one chart from a formation and the formations that it extends.
 * @param directory the folder of slipway.yaml, relative to the workspace
 * @returns undefined, with a problem, if something is missing or wrong
 */
export function helmRelease(
  { name, layers }: { readonly name: string; readonly layers: HelmLayers },
  file: FormationFile,
  directory: string,
  substitute: Substitute,
  report: Report,
): HelmRelease | undefined {
  const chart = chartOf(name, layers, report);
  const kubernetes = kubernetesOf(file, report);
  const release = releaseName(name, layers, substitute, report);
  const tokens = new SealedTokens();
  const values = layers.flatMap(layer => [
    ...valuesFiles(layer, directory),
    ...inlineValues(layer, substitute, tokens),
  ]);
  if (chart === undefined || kubernetes === undefined || release === undefined) return undefined;
  return {
    ...{ source: name, release, values, kubernetes, tokens },
    chart: { ...chart, path: posix.join(directory, chart.path) },
    apiVersions: [...new Set(layers.flatMap(({ written }) => written['api-versions'] ?? []))],
  };
}

function chartOf(name: string, layers: HelmLayers, report: Report): NamedPath | undefined {
  const chart = nearestField(layers, 'chart');
  if (chart !== undefined) return { path: chart.value, at: chart.layer.file.document.positionOf(chart.path) };
  const own = layers.at(-1);
  report({
    code: 'source-invalid',
    ...(own === undefined ? {} : { at: own.file.document.keyPositionOf(own.path) }),
    message: `the source ${quote(name)} has no chart`,
    remedy: 'add "chart"',
  });
  return undefined;
}

function kubernetesOf({ formation, document }: FormationFile, report: Report): string | undefined {
  const { kubernetes } = formation.spec;
  if (kubernetes === undefined)
    report({
      code: 'source-invalid',
      at: document.keyPositionOf(['spec']),
      message: "the chart's output depends on the Kubernetes version, and the formation does not set one",
      remedy: 'add spec.kubernetes, such as "1.34"',
    });
  return kubernetes;
}

function valuesFiles({ file, path, written }: HelmLayers[number], directory: string): Values[] {
  return (written['values-files'] ?? []).map((name, index) => ({
    path: posix.join(directory, name),
    at: file.document.positionOf([...path, 'values-files', index]),
  }));
}

function releaseName(
  name: string,
  layers: HelmLayers,
  substitute: Substitute,
  report: Report,
): string | undefined {
  const field = nearestField(layers, 'release');
  if (field === undefined) return name;
  const { document } = field.layer.file;
  const traced = tracedField(field.layer, 'release', substitute);
  if (traced?.kind !== 'scalar' || traced.isBroken === true) return undefined;
  const text = String(traced.value);
  if (RELEASE_PATTERN.test(text) && traced.sealed === undefined) return text;
  report({
    code: 'source-invalid',
    at: document.positionOf(field.path),
    message: `${quote(text)} is not a valid release name`,
    remedy: 'use at most 53 lower-case letters, digits and -, beginning and ending with a letter or digit',
  });
  return undefined;
}

function inlineValues(layer: HelmLayers[number], substitute: Substitute, tokens: SealedTokens): Values[] {
  const traced = tracedField(layer, 'values', substitute);
  return traced === undefined ? [] : [{ json: stringifyJson(withTokens(traced, tokens)) }];
}

/** The values as JSON, which Helm reads as YAML, with tokens in place of secrets. */
function withTokens(traced: Traced, tokens: SealedTokens): JsonValue {
  if (traced.kind === 'list') return traced.items.map(item => withTokens(item, tokens));
  if (traced.kind === 'scalar') return traced.sealed === undefined ? traced.value : tokens.textOf(traced);
  const object: Record<string, JsonValue> = {};
  for (const [key, { value }] of traced.entries) setOwn(object, key, withTokens(value, tokens));
  return object;
}

function tracedField(layer: HelmLayers[number], field: string, substitute: Substitute): Traced | undefined {
  const { document } = layer.file;
  let node: typeof document.root | undefined = document.root;
  for (const step of [...layer.path, field])
    node = node?.kind === 'map' ? node.entries.get(String(step))?.value : undefined;
  return node === undefined ? undefined : substitute(document, node);
}
