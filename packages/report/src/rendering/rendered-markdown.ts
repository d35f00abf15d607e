import { count, formatProblem } from '@slipway/core';
import { describeBriefly } from '@slipway/kubernetes';
import type { RenderedAll, RenderedDestination } from '@slipway/render';
import { code, details, table } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';

/** Letters of a digest that are shown: `sha256:` and twelve digits. */
const SHOWN_DIGITS = 'sha256:'.length + 12;
/** Objects of a destination that the summary lists; the manifests have them all. */
const MAX_OBJECTS = 200;
/** Warnings that the summary lists; the log has them all. */
const MAX_WARNINGS = 50;

/** The summary of a rendering: how much there is in two lines, then the warnings, and in one fold a row for each destination and its objects. */
export function renderedMarkdown(application: string, { destinations, warnings }: RenderedAll): string {
  const [first] = destinations;
  const tag = first?.rendered.snapshot?.deploymentTag;
  const images = tag === undefined ? 'images unresolved' : code(tag);
  const headers = ['Destination', 'Namespace', 'Objects', 'Sealed secrets'];
  return [
    `### Rendered ${escapeMarkdown(application)}: ${images}\n\n`,
    `${countLine(destinations)}\n`,
    warningList(warnings.map(formatProblem)),
    `\n${details('Destinations and objects', [table(headers, destinations.map(row)), ...destinations.map(objectList)].join(''))}`,
  ].join('');
}

function countLine(destinations: readonly RenderedDestination[]): string {
  const objects = destinations.reduce((sum, { objects: own }) => sum + own.length, 0);
  return `${count(objects, 'object')} for ${count(destinations.length, 'destination')}`;
}

function row({ rendered, objects }: RenderedDestination): string[] {
  const words = new Set(rendered.seals.map(({ word }) => word));
  return [
    code(nameOf(rendered)),
    code(rendered.namespace),
    kindCounts(objects.map(({ reference }) => reference.kind)),
    words.size === 0 ? 'none' : [...words].map(code).join(', '),
  ];
}

function nameOf({ formation, destination }: RenderedDestination['rendered']): string {
  return `${formation}/${destination}`;
}

/** `12: 3 Deployment, 3 Service, …`, the most frequent first. */
function kindCounts(kinds: readonly string[]): string {
  const counts = [...Map.groupBy(kinds, kind => kind)].map(([kind, found]) => [kind, found.length] as const);
  const parts = counts
    .sort((a, b) => b[1] - a[1])
    .map(([kind, number]) => `${number} ${escapeMarkdown(kind)}`);
  return `${kinds.length}: ${parts.join(', ')}`;
}

function objectList({ rendered, objects }: RenderedDestination): string {
  const rows = objects.slice(0, MAX_OBJECTS).map(({ reference, file, positionAt }) => {
    const { path, line } = positionAt('');
    return [code(describeBriefly(reference)), code(file), code(`${path}:${line}`)];
  });
  const more = objects.length > rows.length ? `and ${objects.length - rows.length} more\n` : '';
  return details(
    `${escapeMarkdown(nameOf(rendered))}: objects, digest ${code(`${rendered.digest.slice(0, SHOWN_DIGITS)}…`)}`,
    `${table(['Object', 'Manifest', 'Stencil'], rows)}${more}`,
  );
}

function warningList(warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  const shown = warnings.slice(0, MAX_WARNINGS).map(warning => `- ${escapeMarkdown(warning)}\n`);
  const more =
    warnings.length > shown.length ? `- and ${warnings.length - shown.length} more, in the log\n` : '';
  return `\n**${count(warnings.length, 'warning')}**\n\n${shown.join('')}${more}`;
}
