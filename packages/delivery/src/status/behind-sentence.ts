import { type Behind, type ConfigBehind, count, excerpt, ownConfigBehind } from '@slipway/core';

/** Characters of a commit. */
const SHORT = 12;

/**
 * What a destination lacks of what succeeded where it is promoted from: a sentence for images, and one for configuration. What passed
 * there last need not be what runs there, which may have failed since.
 */
export function behindSentences(behind: Behind): string[] {
  const { formation, deploymentTag = 'another snapshot' } = behind;
  const config = ownConfigBehind(behind);
  return [
    ...(behind.isBehind && behind.count !== 0 ? [imagesSentence(behind, deploymentTag)] : []),
    ...(config === undefined ? [] : [configSentence(config, formation)]),
  ];
}

function imagesSentence(behind: Behind, tag: string): string {
  const { formation } = behind;
  if (behind.count === undefined) return `${tag} passed at ${formation}`;
  return `${commitsOf(behind)} behind ${formation}, where ${tag} passed${pullsOf(behind)}`;
}

function configSentence(config: ConfigBehind, formation: string): string {
  if (config.count === undefined)
    return `the configuration of commit ${excerpt(config.commit, SHORT)} passed at ${formation}`;
  return `its configuration is ${commitsOf(config)} behind ${formation}${pullsOf(config)}`;
}

function commitsOf({ count: commits = 0, isMore = false }: Pick<Behind, 'count' | 'isMore'>): string {
  return `${isMore ? 'more than ' : ''}${count(commits, 'commit')}`;
}

function pullsOf({ pulls = [] }: Pick<Behind, 'pulls'>): string {
  return pulls.length === 0 ? '' : `, ${count(pulls.length, 'pull request')}`;
}
