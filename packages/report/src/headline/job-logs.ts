import { codeBlock, details } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';

/** The end of the log of a Job's container. */
export interface JobOutput {
  readonly job: string;
  readonly container: string;
  readonly text: string;
}

/** Logs that are shown open after a failure: the others are one click away. */
const MAX_OPEN = 3;

/** The end of what migrations and other Jobs logged, each in a fold. */
export function jobLogFolds(logs: readonly JobOutput[]): string {
  return logs.map(log => details(escapeMarkdown(titleOf(log)), textOf(log))).join('');
}

/** The same for a release that failed: it is where people look for the reason. */
export function openJobLogs(logs: readonly JobOutput[]): string {
  const open = logs.slice(0, MAX_OPEN).map(log => `**${escapeMarkdown(titleOf(log))}**\n\n${textOf(log)}\n`);
  return `${open.join('')}${jobLogFolds(logs.slice(MAX_OPEN))}`;
}

function titleOf({ job, container }: JobOutput): string {
  return `The end of what Job ${job} logged (${container})`;
}

function textOf({ text }: JobOutput): string {
  return codeBlock(text.trimEnd().split('\n'));
}
