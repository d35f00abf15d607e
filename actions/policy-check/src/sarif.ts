import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding, Severity } from '@slipway/core';
import type { SharedFinding } from './annotations.ts';

/** GitHub keeps 5,000 results of a run: https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning */
const MAX_RESULTS = 5000;

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  'sign-off': 'warning',
  warning: 'warning',
  notice: 'note',
};

type Place = NonNullable<Finding['place']>;

/** Findings in the form that GitHub's code scanning and other tools read, the gravest first: SARIF 2.1.0. */
export function sarifOf(shared: readonly SharedFinding[]): object {
  // A result without a place is refused by GitHub.
  const kept = shared.filter(({ finding }) => finding.place !== undefined).slice(0, MAX_RESULTS);
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
            rules: rules.map(id => ({ id, shortDescription: { text: id } })),
          },
        },
        originalUriBaseIds: { SRCROOT: { description: { text: 'the root of the repository' } } },
        results: kept.map(entry => resultOf(entry, rules)),
      },
    ],
  };
}

function resultOf({ finding, places }: SharedFinding, rules: readonly string[]): object {
  const { rule, severity, message, fix, object, place, related = [], fingerprint } = finding;
  const about = object === undefined ? '' : `${object.kind} ${object.name}: `;
  const where = places.length === 0 ? '' : ` [${places.join(', ')}]`;
  const text = `${about}${message}${fix === undefined ? '' : `; ${fix}`}${where}`;
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: levels[severity],
    message: { text: escapeLinks(text) },
    locations: place === undefined ? [] : [{ physicalLocation: physical(place) }],
    ...(related.length === 0 ? {} : { relatedLocations: related.map(relatedLocation) }),
    partialFingerprints: { 'slipwayFingerprint/v1': fingerprint },
  };
}

/** `[text](target)` in a message is a link in SARIF; here it is what somebody wrote. */
function escapeLinks(text: string): string {
  return text.replace(/[\\[\]]/g, letter => `\\${letter}`);
}

function relatedLocation({ message, place }: NonNullable<Finding['related']>[number], id: number): object {
  return { id, message: { text: escapeLinks(message) }, physicalLocation: physical(place) };
}

function physical({ path, line, column, endLine, endColumn }: Place): object {
  const artifactLocation = isAbsolute(path)
    ? { uri: pathToFileURL(path).href }
    : { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'SRCROOT' };
  const end = endLine === undefined || endColumn === undefined ? {} : { endLine, endColumn };
  return { artifactLocation, region: { startLine: line, startColumn: column, ...end } };
}
