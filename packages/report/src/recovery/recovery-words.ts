import { count, excerpt } from '@slipway/core';
import { code, table } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';

/** One formation of a lost cluster. */
export interface RecoveryRow {
  /** Such as `production/eu`. */
  readonly name: string;
  readonly state: 'ready' | 'refused' | 'nothing';
  readonly deploymentTag?: string;
  /** The commit of its stencils and config. */
  readonly revision?: string;
  /** When its release began. */
  readonly began?: string;
  /** Why it is not brought back, what cannot be, and what else is to be known, in sentences. */
  readonly sentences: readonly string[];
}

/** What a lost cluster had, in the order in which it is brought back. */
export interface RecoveryTable {
  readonly application: string;
  readonly rows: readonly RecoveryRow[];
  /** Formations of which no file says whether they were in that cluster. */
  readonly elsewhere: readonly string[];
}

const SHORT = 12;
/** Characters of a sentence, which may repeat what anyone wrote who may push to the registry. */
const MOST = 600;

const STATES: Readonly<Record<RecoveryRow['state'], string>> = {
  ready: '✅ can be brought back',
  refused: '❌ refused',
  nothing: 'nothing to bring back',
};

/** The whole in one line. */
export function recoveryTitle({ application, rows }: RecoveryTable): string {
  const number = (wanted: RecoveryRow['state']): number =>
    rows.filter(({ state }) => state === wanted).length;
  const refused = number('refused');
  return `${application}: ${number('ready')} of ${count(rows.length, 'destination')} can be brought back${refused === 0 ? '' : `, ${refused} refused`}`;
}

/** One line for each formation, and one for each sentence about it. */
export function recoveryLines(shown: RecoveryTable): readonly string[] {
  return [
    ...shown.rows.flatMap(row => [
      `${STATES[row.state]} ${row.name}${releasedAs(row)}`,
      ...row.sentences.map(sentence => `  ${inOneLine(sentence)}`),
    ]),
    ...elsewhereSentences(shown),
  ];
}

export function recoveryMarkdown(shown: RecoveryTable): string {
  const rows = shown.rows.map((row, index) => [
    String(index + 1),
    code(row.name),
    STATES[row.state],
    [row.deploymentTag, row.revision?.slice(0, SHORT)]
      .flatMap(text => (text === undefined ? [] : [code(text)]))
      .join(' '),
    escapeMarkdown(row.began ?? ''),
    row.sentences.map(sentence => escapeMarkdown(inOneLine(sentence))).join('<br>'),
  ]);
  const headers = ['', 'destination', 'state', 'snapshot and commit', 'released', 'to be known'];
  return [
    `\n## What the cluster had: ${escapeMarkdown(recoveryTitle(shown))}\n`,
    rows.length === 0 ? '' : table(headers, rows),
    ...elsewhereSentences(shown).map(sentence => `\n${escapeMarkdown(sentence)}.\n`),
  ].join('');
}

function releasedAs({ deploymentTag, revision }: RecoveryRow): string {
  if (deploymentTag === undefined) return '';
  const from = revision === undefined ? '' : `, from commit ${revision.slice(0, SHORT)}`;
  return `: ${excerpt(deploymentTag, MOST)}${from}`;
}

function elsewhereSentences({ elsewhere }: RecoveryTable): readonly string[] {
  if (elsewhere.length === 0) return [];
  return [
    `Whether these were in the same cluster no file says, so they are not in the list: ${elsewhere.join(', ')}`,
  ];
}

function inOneLine(sentence: string): string {
  return excerpt(sentence.replace(/\s+/g, ' '), MOST);
}
