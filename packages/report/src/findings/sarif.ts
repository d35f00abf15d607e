import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { defined, type Finding, type Severity } from '@slipway/core';
import { findingLine, type SharedFinding } from './shared-findings.ts';

/** GitHub keeps 5,000 results of a run: https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning */
const MAX_RESULTS = 5000;
/** GitHub rejects files over 10 MB when compressed; the uploader chooses how to compress. */
const MAX_PACKED_BYTES = 9_000_000;
/** Related locations of a result; findings can have any number of them. */
const MAX_RELATED = 20;

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  'sign-off': 'warning',
  warning: 'warning',
  notice: 'note',
};

type Place = NonNullable<Finding['place']>;

/** The page that explains a rule; undefined for a policy that is not Slipway's. */
export type HelpUri = (rule: string) => string | undefined;

/**
 * Findings as SARIF 2.1.0, which GitHub's code scanning and other tools read. Findings without a position are left out.
 * @param shared in the order of their severity, since only the first 5,000 are kept
 */
export function sarifOf(shared: readonly SharedFinding[], helpUri: HelpUri): object {
  // GitHub rejects results without a location.
  const placed = shared.filter(({ finding }) => finding.place !== undefined);
  let kept = placed.slice(0, MAX_RESULTS);
  // Only texts that were made to be large and hard to compress get this far.
  while (kept.length > 1 && packedSize(kept, helpUri) > MAX_PACKED_BYTES)
    kept = kept.slice(0, kept.length / 2);
  return logOf(kept, helpUri);
}

function packedSize(kept: readonly SharedFinding[], helpUri: HelpUri): number {
  const text = JSON.stringify(logOf(kept, helpUri));
  const size = Buffer.byteLength(text);
  return size < MAX_PACKED_BYTES ? size : gzipSync(text, { level: 1 }).length;
}

function logOf(kept: readonly SharedFinding[], helpUri: HelpUri): object {
  const rules = [...new Set(kept.map(({ finding }) => finding.rule))].sort();
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Slipway policy-check',
            informationUri: 'https://slipway.dev',
            rules: rules.map(rule => ruleOf(rule, helpUri(rule))),
          },
        },
        originalUriBaseIds: { SRCROOT: { description: { text: 'the root of the repository' } } },
        results: results(kept, rules),
      },
    ],
  };
}

function ruleOf(id: string, uri: string | undefined): object {
  return { id, shortDescription: { text: id }, ...defined({ helpUri: uri }) };
}

function results(kept: readonly SharedFinding[], rules: readonly string[]): object[] {
  const indexes = new Map(rules.map((rule, index) => [rule, index]));
  const seen = new Map<string, number>();
  return kept.map(entry => {
    const { fingerprint, rule } = entry.finding;
    const count = (seen.get(fingerprint) ?? 0) + 1;
    seen.set(fingerprint, count);
    return resultOf(entry, indexes.get(rule) ?? 0, `${fingerprint}:${count}`);
  });
}

/** @param hash stays the same while the finding exists, even if it moves to another line */
function resultOf(shared: SharedFinding, ruleIndex: number, hash: string): object {
  const { rule, severity, place, related = [] } = shared.finding;
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[severity],
    message: { text: escapeLinks(findingLine(shared)) },
    locations: place === undefined ? [] : [{ physicalLocation: physical(place) }],
    ...(related.length === 0 ? {} : { relatedLocations: related.slice(0, MAX_RELATED).map(relatedLocation) }),
    // GitHub compares the first, which must have this name; other tools can use the second.
    partialFingerprints: { primaryLocationLineHash: hash, 'slipwayFingerprint/v1': hash },
  };
}

/** SARIF would turn `[text](target)` in a message into a link, but the text comes from elsewhere. */
function escapeLinks(text: string): string {
  return text.replace(/[\\[\]]/g, letter => `\\${letter}`);
}

function relatedLocation({ message, place }: NonNullable<Finding['related']>[number], id: number): object {
  return { id, message: { text: escapeLinks(message) }, physicalLocation: physical(place) };
}

function physical({ path, line, column, endLine, endColumn, revision }: Place): object {
  const artifactLocation = isAbsolute(path)
    ? { uri: pathToFileURL(path).href }
    : { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'SRCROOT' };
  // A line of another commit is not a line of the file that is shown.
  if (revision !== undefined) return { artifactLocation };
  const end = endLine === undefined || endColumn === undefined ? {} : { endLine, endColumn };
  return { artifactLocation, region: { startLine: line, startColumn: column, ...end } };
}
