import type { BeforeDeploy } from './before-deploy.ts';

/** What a deploy would do first about an open release in steps, for the first line of a plan; undefined where none is open. */
export function beforeLine(before: BeforeDeploy | undefined): string | undefined {
  if (before === undefined) return undefined;
  const { release } = before;
  switch (before.do) {
    case 'same':
      return `Release ${release} is open and is the same: a deploy writes nothing, and verify-rollout goes on with it`;
    case 'refuse':
      return `Release ${release} is open, and a deploy is refused: ${before.why}`;
    case 'undo':
      return `Release ${release} is open: a deploy undoes it first, and its users get back what they had`;
    case 'finish':
      return `Release ${release} is being committed or undone: a deploy carries that to its end first`;
  }
}
