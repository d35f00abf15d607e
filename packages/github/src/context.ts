import { readFileSync } from 'node:fs';
import { isJsonObject, SlipwayError } from '@slipway/core';
import type { GithubErrorCode } from './error-codes.ts';
import type { Environment, RunContext } from './runner.ts';

/** Reads the context of the run from the runner's environment. The event's payload is read when it is first used. */
export function readContext(environment: Environment): RunContext {
  const variable = (name: string): string => environment[name] ?? '';
  const serverUrl = variable('GITHUB_SERVER_URL') || 'https://github.com';
  const repository = variable('GITHUB_REPOSITORY');
  const runId = variable('GITHUB_RUN_ID');
  const runAttempt = variable('GITHUB_RUN_ATTEMPT');
  let event: Readonly<Record<string, unknown>> | undefined;
  return {
    repository,
    sha: variable('GITHUB_SHA'),
    ref: variable('GITHUB_REF'),
    eventName: variable('GITHUB_EVENT_NAME'),
    actor: variable('GITHUB_ACTOR'),
    runId,
    runNumber: variable('GITHUB_RUN_NUMBER'),
    runAttempt,
    runUrl:
      runId === '' ? '' : `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${runAttempt || '1'}`,
    workflow: {
      file: variable('GITHUB_WORKFLOW_REF').replace(/@.*$/, ''),
      commit: variable('GITHUB_WORKFLOW_SHA'),
    },
    serverUrl,
    apiUrl: variable('GITHUB_API_URL') || 'https://api.github.com',
    get event() {
      event ??= readEvent(variable('GITHUB_EVENT_PATH'));
      return event;
    },
  };
}

function readEvent(path: string): Readonly<Record<string, unknown>> {
  if (path === '') return {};
  try {
    const event: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isJsonObject(event) ? event : {};
  } catch (cause) {
    throw new SlipwayError<GithubErrorCode>(
      {
        code: 'event-unreadable',
        message: "the file of the event's payload cannot be read",
        remedy: 'run the action from a workflow',
      },
      { cause },
    );
  }
}
