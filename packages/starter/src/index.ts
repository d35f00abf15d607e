export type { Known } from './code/facts/known.ts';
export type { LanguageName, Program, ProgramFacts } from './code/facts/program-facts.ts';
export { type FoundProgram, findPrograms } from './code/find-programs.ts';
export type { StarterErrorCode } from './error-codes.ts';
export type { Fix } from './fixes/fixes.ts';
export type { Rendered, RenderedObject } from './images/with-images.ts';
export { looksSecret } from './literals/secret-literals.ts';
export { homeIn } from './look/own-folders.ts';
export { readRepositoryFiles } from './look/read-repository-files.ts';
export { filesIn, filesOf, type RepositoryFiles, withIgnored } from './look/repository-files.ts';
export type {
  Contribution,
  ProposedFile,
  ProposedFormation,
  ProposedService,
  Question,
  Remark,
  RemarkKind,
} from './proposal/contribution.ts';
export type { Answers, Facts } from './proposal/facts.ts';
export { type Guess, guessesIn } from './proposal/guesses.ts';
export {
  applicationName,
  contributionsFor,
  fixing,
  type Look,
  type Proposal,
  proposalOf,
  type Repository,
} from './propose-for.ts';
