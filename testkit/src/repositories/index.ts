export { makeRepository } from './make-repository.ts';
export type { TestRepository } from './repository.ts';
export { REPOSITORIES } from './seen.ts';
export { UNSEEN } from './unseen.ts';
