import { type Finding, formatPosition } from '@slipway/core';
import { describeObject, referenceTo } from '@slipway/kubernetes';
import type { CheckedObjects } from './checked-objects.ts';

/**
 * Findings in the format that CI servers show as tests: a suite for each target, a test for each object, and one for each finding
 * without an object. Errors and changes that need an approval are failures; other findings are in the test's output.
 * https://github.com/testmoapp/junitxml
 */
export function junitOf(checked: readonly CheckedObjects[]): string {
  const suites = checked.map(suiteOf);
  const failures = checked.reduce((sum, { report }) => sum + report.findings.filter(isFailure).length, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="Slipway policy-check" failures="${failures}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteOf({ name, objects, report }: CheckedObjects): string {
  const byObject = new Map<string, Finding[]>();
  for (const finding of report.findings) {
    const key = finding.object === undefined ? '' : describeObject(finding.object);
    byObject.set(key, [...(byObject.get(key) ?? []), finding]);
  }
  const keys = objects.map(({ object }) => describeObject(referenceTo(object)));
  const known = new Set(keys);
  const cases = [...known].map(key => testCase(key, byObject.get(key) ?? []));
  const others = report.findings.filter(
    ({ object }) => object === undefined || !known.has(describeObject(object)),
  );
  const all = [...cases, ...others.map(finding => testCase(finding.rule, [finding]))];
  const failed = report.findings.filter(isFailure).length;
  return [
    `<testsuite name="${escapeXml(name)}" tests="${all.length}" failures="${failed}">`,
    ...all,
    '</testsuite>',
  ].join('\n');
}

function testCase(name: string, findings: readonly Finding[]): string {
  const place = findings.find(isFailure)?.place ?? findings[0]?.place;
  // A line of another commit is another one in the files that the CI server shows.
  const at =
    place === undefined || place.revision !== undefined
      ? ''
      : ` file="${escapeXml(place.path)}" line="${place.line}"`;
  const open = `<testcase classname="policy-check" name="${escapeXml(name)}"${at}`;
  if (findings.length === 0) return `${open}/>`;
  const failures = findings.filter(isFailure).map(failure);
  const told = findings.filter(finding => !isFailure(finding)).map(lineOf);
  const output = told.length === 0 ? [] : [`<system-out>${escapeXml(told.join('\n'))}</system-out>`];
  return [`${open}>`, ...failures, ...output, '</testcase>'].join('\n');
}

function isFailure({ severity }: Finding): boolean {
  return severity === 'error' || severity === 'sign-off';
}

function failure(finding: Finding): string {
  const { rule, message } = finding;
  return `<failure type="${escapeXml(rule)}" message="${escapeXml(message)}">${escapeXml(lineOf(finding))}</failure>`;
}

function lineOf({ severity, rule, message, fix, place }: Finding): string {
  const where = place === undefined ? '' : `${formatPosition(place)}: `;
  return `${where}${severity} ${rule}: ${message}${fix === undefined ? '' : `; ${fix}`}`;
}

const entities: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
};

/** Characters that XML forbids are replaced, since no escape makes them legal. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replace(/[<>&"'\n]/g, letter => entities[letter] ?? letter);
}
