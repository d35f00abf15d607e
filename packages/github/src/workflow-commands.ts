import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import type { Severity } from '@slipway/core';
import type { Environment } from './runner.ts';

/** Where an annotation is shown, and its title, in the runner's own words. */
export interface AnnotationProperties {
  readonly title: string;
  readonly file?: string;
  readonly line?: number;
  readonly col?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** What a step tells its runner: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands */
export interface WorkflowCommands {
  info(line: string): void;
  debug(message: string): void;
  annotate(severity: Severity, message: string, properties?: AnnotationProperties): void;
  /** From then on the runner shows asterisks instead; one line, as the runner looks at lines. */
  addMask(secret: string): void;
  startGroup(title: string): void;
  endGroup(): void;
  setOutput(name: string, value: string): void;
  saveState(name: string, value: string): void;
}

/**
 * The commands of a step, written as `@actions/core` writes them, to which a test holds them. That library is not loaded itself because
 * it comes with a client of HTTP, which no step needs and each would wait for.
 * @param write writes to the log of the step
 */
export function workflowCommands(environment: Environment, write: (text: string) => void): WorkflowCommands {
  const command = (name: string, message: string, properties: object = {}): void =>
    write(`${formatCommand(name, message, properties)}\n`);
  return {
    info: line => write(`${line}\n`),
    debug: message => command('debug', message),
    annotate: (severity, message, properties) => command(severity, message, properties),
    addMask: secret => command('add-mask', secret),
    startGroup: title => command('group', title),
    endGroup: () => command('endgroup', ''),
    setOutput: (name, value) => tell('OUTPUT', 'set-output', name, value),
    saveState: (name, value) => tell('STATE', 'save-state', name, value),
  };

  /** By the file that the runner reads after the step; a server that is too old to have one reads the log. */
  function tell(file: string, former: string, name: string, value: string): void {
    const path = environment[`GITHUB_${file}`];
    if (path !== undefined && path !== '') appendFileSync(path, formatEntry(name, value));
    // A line before it may not have ended.
    else write(`\n${formatCommand(former, value, { name })}\n`);
  }
}

function formatCommand(name: string, message: string, properties: object): string {
  const given = Object.entries(properties).filter(([, value]) => Boolean(value));
  const list = given.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',');
  return `::${name}${list === '' ? '' : ` ${list}`}::${escapeLines(message)}`;
}

function escapeLines(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeLines(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Between two lines that no value can contain, as no one knows them before. */
function formatEntry(name: string, value: string): string {
  const delimiter = `ghadelimiter_${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}
