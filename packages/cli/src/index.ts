export type { ExitCode } from './command-line/command.ts';
export type { CliErrorCode } from './error-codes.ts';
export { fixedAnswers } from './fixed-answers.ts';
export type { Machine } from './machine/machine.ts';
export { type ProgramProcess, runInProcess } from './run-in-process.ts';
export { runProgram } from './run-program.ts';
