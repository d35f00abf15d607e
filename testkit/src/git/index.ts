export { filesOf, type PlantedRepository, plantRepository } from './plant-repository.ts';
export {
  commit,
  exec,
  type Files,
  git,
  type PullRequest,
  pullRequest,
  repository,
  scratch,
  shallowCheckout,
  write,
} from './repository.ts';
