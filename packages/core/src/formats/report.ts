import type { FromSchema } from 'json-schema-to-ts';
import { API_VERSION, objectReferenceSchema } from './common.ts';
import { parseStepFile } from './validate.ts';

export const positionSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'line', 'column'],
  properties: {
    path: { type: 'string' },
    line: { type: 'integer', minimum: 1 },
    column: { type: 'integer', minimum: 1 },
    endLine: { type: 'integer', minimum: 1 },
    endColumn: { type: 'integer', minimum: 1 },
    revision: {
      type: 'string',
      description: 'The commit whose file it is in; absent for a file of the checkout.',
    },
  },
} as const;

export const findingSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['rule', 'severity', 'message', 'fingerprint'],
  description: 'What a check found at one position of one file.',
  properties: {
    rule: { type: 'string', description: 'Such as pod-security/restricted/run-as-non-root.' },
    severity: { enum: ['error', 'warning', 'notice', 'sign-off'] },
    lowered: {
      enum: ['by-level', 'as-before'],
      description:
        'Why an error is only a warning: by the level of its pack, or because the base commit has it too and the level is new.',
    },
    message: { type: 'string' },
    fix: { type: 'string', description: 'What to do, if the rule knows it.' },
    place: positionSchema,
    object: objectReferenceSchema,
    pointer: { type: 'string', description: 'RFC 6901, within the object.' },
    formation: { type: 'string' },
    destination: { type: 'string' },
    related: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['message', 'place'],
        properties: { message: { type: 'string' }, place: positionSchema },
      },
    },
    approvers: {
      type: 'array',
      items: { type: 'string' },
      description: 'For a sign-off: users, and teams as organisation/team, one of whom must approve.',
    },
    approval: {
      type: 'string',
      description: 'For a sign-off that was given: who gave it, and where.',
    },
    fingerprint: {
      type: 'string',
      description:
        'Equal for the same finding in the next run, whatever moved around it. Of a sign-off: of the rule, the object, and the value before and after.',
    },
  },
} as const;

export const reportSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://slipway.dev/schemas/v1/report.json',
  title: 'Report',
  description: 'report.json: the findings of a check.',
  type: 'object',
  additionalProperties: false,
  required: ['apiVersion', 'kind', 'verdict', 'counts', 'findings'],
  properties: {
    apiVersion: { const: API_VERSION },
    kind: { const: 'Report' },
    verdict: { enum: ['passed', 'failed', 'needs-sign-off'] },
    counts: {
      type: 'object',
      additionalProperties: false,
      required: ['objects', 'errors', 'warnings', 'notices', 'signOff'],
      properties: {
        objects: { type: 'integer' },
        errors: { type: 'integer' },
        warnings: { type: 'integer' },
        notices: { type: 'integer' },
        signOff: { type: 'integer' },
      },
    },
    findings: { type: 'array', items: findingSchema },
  },
} as const;

export type Finding = FromSchema<typeof findingSchema>;
export type Severity = Finding['severity'];
export type Report = FromSchema<typeof reportSchema>;

export function parseReport(text: string, name: string): Report {
  return parseStepFile<Report>(reportSchema, text, name);
}

const SEVERITY_ORDER: readonly Severity[] = ['error', 'sign-off', 'warning', 'notice'];

/** Errors first, then by file, line, column and rule, so that two runs print the same. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity) ||
      compareTexts(a.place?.path ?? '', b.place?.path ?? '') ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      (a.place?.column ?? 0) - (b.place?.column ?? 0) ||
      compareTexts(a.rule, b.rule),
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The report of a check: findings sorted and counted, and the verdict that follows from them and from `failOn`. */
export function makeReport(
  findings: readonly Finding[],
  objects: number,
  failOn: 'error' | 'warning' = 'error',
): Report {
  const count = (severity: Severity): number =>
    findings.filter(finding => finding.severity === severity).length;
  const counts = {
    objects,
    errors: count('error'),
    warnings: count('warning'),
    notices: count('notice'),
    signOff: count('sign-off'),
  };
  const failed = counts.errors > 0 || (failOn === 'warning' && counts.warnings > 0);
  const verdict = failed ? 'failed' : counts.signOff > 0 ? 'needs-sign-off' : 'passed';
  return { apiVersion: API_VERSION, kind: 'Report', verdict, counts, findings: sortFindings(findings) };
}
