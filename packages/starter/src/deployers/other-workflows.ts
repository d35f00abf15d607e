import { NOTHING, type Remark } from '../proposal/contribution.ts';
import type { Part } from '../proposal/facts.ts';

/** What a workflow does that those of init do too. */
interface Rival {
  readonly step: RegExp;
  readonly message: string;
  readonly remedy: string;
}

const RIVALS: readonly Rival[] = [
  {
    step: /\bkubectl\b.*\s(?:apply|replace|set image)\b|\bhelm\b.*\s(?:upgrade|install)\b|\buses:\s*["']?azure\/k8s-deploy@/i,
    message: 'the workflow deploys, and so would the workflows of Slipway',
    remedy: 'delete it with the pull request that brings them',
  },
  {
    step: /\buses:\s*["']?slipway-dev\/slipway\/actions\/pull-request@/,
    message: 'the workflow comments on pull requests, as pull-request.yml does',
    remedy: 'delete it with the pull request that brings that one',
  },
];

/** Remarks on workflows that would do the work of those which init writes a second time. None is changed. */
export const OTHER_WORKFLOWS: Part = async ({ files }) => {
  const paths = files.paths.filter(path => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path));
  const remarks = await Promise.all(
    paths.map(async path => remarksOn(path, (await files.readText(path)) ?? '')),
  );
  return { ...NOTHING, remarks: remarks.flat() };
};

/** One for each rival, at its first line. */
function remarksOn(path: string, text: string): Remark[] {
  const lines = text.split('\n').map(line => (line.trimStart().startsWith('#') ? '' : line));
  return RIVALS.flatMap(({ step, message, remedy }): Remark[] => {
    const index = lines.findIndex(line => step.test(line));
    const column = (lines[index]?.search(/\S/) ?? 0) + 1;
    return index < 0 ? [] : [{ kind: 'conflict', at: { path, line: index + 1, column }, message, remedy }];
  });
}
