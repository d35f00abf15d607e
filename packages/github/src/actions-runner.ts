import { appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { defined, formatPosition, type Logger } from '@slipway/core';
import { summaryPage } from '@slipway/report';
import { readContext } from './context.ts';
import { execute } from './exec.ts';
import { requestIdToken } from './id-token.ts';
import { neutraliseCommands, showControls } from './neutralise.ts';
import { maskableLines, redact, redactMarkdown, writtenForms } from './redact.ts';
import type { Annotation, Environment, Runner } from './runner.ts';
import { type WorkflowCommands, workflowCommands } from './workflow-commands.ts';

/** GitHub keeps ten annotations of a kind for each step and silently drops the others. */
const MAX_ANNOTATIONS = 10;

/** GitHub accepts titles of up to 255 characters. */
const MAX_CODE_LENGTH = 200;

export interface ActionsRunner extends Runner {
  /** Writes the summary. Call it once, at the end. */
  finish(): void;
}

/** The runner that the given environment belongs to. */
export function actionsRunner(environment: Environment, signal: AbortSignal): ActionsRunner {
  const commands = workflowCommands(environment, text => process.stdout.write(text));
  const secrets = new Set<string>();
  const safe = (text: string): string => redact(text, secrets);
  const mask = (secret: string): void => {
    for (const line of maskableLines(secret)) {
      if (secrets.has(line)) continue;
      for (const form of writtenForms(line)) secrets.add(form);
      commands.addMask(line);
    }
  };
  const logger = safeLogger(safe, commands);
  const counts = { error: 0, warning: 0, notice: 0 };
  const summary: string[] = [];
  return {
    environment,
    workspace: resolve(environment['GITHUB_WORKSPACE'] || '.'),
    temporaryDirectory: resolve(environment['RUNNER_TEMP'] || tmpdir()),
    context: readContext(environment),
    logger,
    signal,
    setOutput: (name, value) => commands.setOutput(name, value),
    saveState: (name, value) => commands.saveState(name, value),
    mask,
    idToken: audience => requestIdToken(audience, environment, { signal, mask }),
    async group(title, work) {
      commands.startGroup(safe(title));
      try {
        return await work();
      } finally {
        commands.endGroup();
      }
    },
    annotate(annotation) {
      counts[annotation.severity] += 1;
      if (counts[annotation.severity] <= MAX_ANNOTATIONS) issue(annotation, safe, commands);
      else logger.info(`${annotation.severity}: ${plainAnnotation(annotation)}`);
    },
    addSummary(markdown) {
      summary.push(redactMarkdown(markdown, secrets));
    },
    exec: (command, args, options = {}) => execute(command, args, options, environment),
    finish() {
      const file = environment['GITHUB_STEP_SUMMARY'];
      const page = summaryPage(summary);
      if (page !== '' && file !== undefined && file !== '') appendFileSync(file, page);
    },
  };
}

function safeLogger(safe: (text: string) => string, commands: WorkflowCommands): Logger {
  return {
    debug: message => commands.debug(safe(message)),
    info: message => commands.info(neutraliseCommands(safe(message))),
    warning: message => commands.annotate('warning', safe(message)),
  };
}

function issue(annotation: Annotation, safe: (text: string) => string, commands: WorkflowCommands): void {
  const { code, severity } = annotation;
  // A line of another commit is not one of the files that GitHub shows.
  const at = annotation.at?.revision === undefined ? annotation.at : undefined;
  // The log shows the message alone.
  commands.annotate(severity, safe(plainAnnotation(annotation)), {
    title: code === undefined ? 'Slipway' : `Slipway: ${safe(oneLine(code))}`,
    ...(at === undefined ? {} : { file: at.path, line: at.line }),
    ...defined({ endLine: at?.endLine, col: at?.column, endColumn: at?.endColumn }),
  });
}

function plainAnnotation(annotation: Annotation): string {
  const { at } = annotation;
  const message = withCode(annotation);
  const position = at === undefined ? '' : `${formatPosition(at)}: `;
  // The message of a problem begins with its position, that of a finding does not.
  return showControls(message.startsWith(position) ? message : `${position}${message}`);
}

/** The log does not show titles, so the message has the code as well. */
function withCode({ message, code }: Annotation): string {
  return code === undefined ? message : `${message} (${oneLine(code)})`;
}

/** The id of a rule may contain a name that someone gave to a policy. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{C}]+/gu, ' ').slice(0, MAX_CODE_LENGTH);
}
