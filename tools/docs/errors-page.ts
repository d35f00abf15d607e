import type { ErrorEntry, ErrorSymptom } from '@slipway/core';
import { symptomsOf } from './symptoms.ts';

export interface PackageErrors {
  readonly owner: string;
  readonly errors: Readonly<Record<string, ErrorEntry>>;
}

/** Several packages may have the same code for the same symptom; each has its own text. */
type Entries = ReadonlyMap<string, readonly ErrorEntry[]>;

const INTRODUCTION = [
  '# Errors',
  '',
  'Every failure has a code.',
  'You find it in the title of the annotation, at the end of the line in the log, in the summary of the job, and in the output `error` of the step, which holds the code of the first problem:',
  '',
  '```yaml',
  '- id: deploy',
  '  uses: slipway-dev/slipway/actions/deploy@v1',
  '  continue-on-error: true',
  '  with: { … }',
  "- if: steps.deploy.outputs.error == 'lock-timeout'",
  '  run: echo "another run is deploying"',
  '```',
  '',
  'Codes do not change between versions; messages may.',
  'If you do not have a code but a symptom, start at [troubleshooting](troubleshooting.md).',
  'This page is written by `npm run docs` from the `error-codes.ts` of each package.',
];

/** docs/errors.md: every code of every package by action and symptom, each under a heading that is its anchor. */
export function errorsPage(packages: readonly PackageErrors[]): string {
  const bySymptom = Map.groupBy(
    packages.flatMap(({ errors }) => Object.entries(errors)),
    ([, { symptom }]) => symptom,
  );
  const entriesOf = (symptom: string): Entries => {
    const entries = bySymptom.get(symptom as ErrorSymptom) ?? [];
    const byCode = Map.groupBy(entries, ([code]) => code);
    return new Map([...byCode].map(([code, found]) => [code, found.map(([, entry]) => entry)]));
  };
  const lines = [...INTRODUCTION, ''];
  for (const { action, symptoms } of symptomsOf) {
    lines.push(`- [${action}](#${anchor(action)})`);
    for (const [symptom, heading] of Object.entries(symptoms))
      lines.push(
        `  - [${heading}](#${anchor(heading)}): ${[...entriesOf(symptom).keys()].map(link).join(', ')}`,
      );
  }
  for (const { action, about, symptoms } of symptomsOf) {
    lines.push('', `## ${action}`, '', about);
    for (const [symptom, heading] of Object.entries(symptoms))
      lines.push('', `### ${heading}`, ...explain(entriesOf(symptom)));
  }
  return `${lines.join('\n')}\n`;
}

function explain(entries: Entries): string[] {
  return [...entries].flatMap(([code, texts]) => [
    '',
    `#### ${code}`,
    ...texts.flatMap(({ example, cause, remedy }) => [
      '',
      `> ${inline(example)}`,
      '',
      cause,
      '',
      `**What to do:** ${remedy}`,
    ]),
  ]);
}

/** A message in typewriter letters; one that holds backticks needs more of them around it. */
function inline(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function link(code: string): string {
  return `[${code}](#${code})`;
}

/** As GitHub makes it of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
