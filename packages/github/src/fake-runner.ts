import type { Exec } from '@slipway/core';
import { summaryPage } from '@slipway/report';
import { readContext } from './context.ts';
import { type InputReader, inputVariable, parseInputs } from './inputs.ts';
import type { Annotation, Environment, RunContext, Runner } from './runner.ts';

/** A runner that records what an action does, for tests without a process. */
export interface FakeRunner extends Runner {
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly annotations: readonly Annotation[];
  readonly log: readonly string[];
  readonly masked: readonly string[];
  readonly summary: string;
}

export interface FakeRunnerOptions {
  readonly environment?: Environment;
  readonly workspace?: string;
  readonly temporaryDirectory?: string;
  readonly context?: Partial<RunContext>;
  readonly signal?: AbortSignal;
  readonly exec?: Exec;
}

export function fakeRunner(options: FakeRunnerOptions = {}): FakeRunner {
  const environment = options.environment ?? {};
  const outputs: Record<string, string> = {};
  const state: Record<string, string> = {};
  const annotations: Annotation[] = [];
  const log: string[] = [];
  const masked: string[] = [];
  const parts: string[] = [];
  const logger = {
    debug: () => {},
    info: (message: string) => void log.push(message),
    warning: (message: string) => void log.push(`warning: ${message}`),
  };
  return {
    environment,
    workspace: options.workspace ?? '/workspace',
    temporaryDirectory: options.temporaryDirectory ?? '/tmp',
    context: { ...readContext(environment), ...options.context },
    logger,
    signal: options.signal ?? new AbortController().signal,
    outputs,
    state,
    annotations,
    log,
    masked,
    get summary() {
      return summaryPage(parts);
    },
    setOutput: (name, value) => void Object.assign(outputs, { [name]: value }),
    saveState: (name, value) => void Object.assign(state, { [name]: value }),
    mask: secret => void masked.push(secret),
    group: (title, work) => {
      log.push(title);
      return work();
    },
    annotate: annotation => void annotations.push(annotation),
    addSummary: markdown => void parts.push(markdown),
    idToken: audience => Promise.resolve(`id-token for ${audience}`),
    exec:
      options.exec ??
      (command => Promise.reject(new Error(`the test expects no process, but ${command} was started`))),
  };
}

/** An action's inputs as a workflow would give them. @throws SlipwayError as the action would */
export function inputsOf<Inputs>(
  readInputs: (reader: InputReader) => Inputs,
  given: Readonly<Record<string, string>>,
  environment: Environment = {},
): Inputs {
  const variables = Object.entries(given).map(([name, value]) => [inputVariable(name), value]);
  return parseInputs({ ...environment, ...Object.fromEntries(variables) }, readInputs);
}
