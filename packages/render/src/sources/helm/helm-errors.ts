import { excerpt, type Position, type Problem } from '@slipway/core';
import type { RenderErrorCode } from '../../error-codes.ts';

/** Longer than any of Helm's own messages, since a chart's `fail` may print anything. */
const MAX_MESSAGE_LENGTH = 400;

/** `demo/templates/api.yaml:2:13`, in the chart or in one that it depends on. */
const TEMPLATE_POSITION = /([A-Za-z0-9_./-]+\.[A-Za-z0-9]+):(\d+)(?::(\d+))?/g;

/**
 * The error of `helm template` as one sentence at the position in the template.
 * @param templateAt finds the file of a template; undefined if it is not in the workspace
 * @param at the position of the chart, for errors without one
 */
export function helmProblem(
  stderr: string,
  templateAt: (path: string) => string | undefined,
  at: Position,
): Problem<RenderErrorCode> {
  const text = stderr.replace(/\n*Use --debug flag[^\n]*/g, '').trim();
  const positions = [...text.matchAll(TEMPLATE_POSITION)].flatMap(([, file = '', line, column]) => {
    const path = templateAt(file);
    return path === undefined ? [] : [{ path, line: Number(line), column: Number(column ?? 1) }];
  });
  const unnumbered = /(?:error on|in) ([A-Za-z0-9_./-]+\/templates\/[A-Za-z0-9_./-]+)/.exec(text)?.[1];
  const file = unnumbered === undefined ? undefined : templateAt(unnumbered);
  const position = positions.at(-1) ?? (file === undefined ? at : { path: file, line: 1, column: 1 });
  return {
    code: 'source-failed',
    at: position,
    message: `helm failed to render the chart: ${sentence(text)}`,
    ...remedy(text),
  };
}

function sentence(text: string): string {
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
  const errors = lines.slice(
    Math.max(
      0,
      lines.findLastIndex(line => /^Error:/i.test(line)),
    ),
  );
  const whole = errors.join(' ').replace(/^Error: */i, '');
  // If templates include each other, only the innermost error says what is wrong.
  const innermost = whole.split(/ at <[^>]*>: (?:error calling \w+: )?/).at(-1) ?? whole;
  const last = /error calling include: (.*)$/.exec(innermost)?.[1] ?? innermost;
  const plain = last.replace(/^(?:template: \S+|execution error at \(\S+\)|.*missing dependencies): /, '');
  return excerpt(plain, MAX_MESSAGE_LENGTH).replace(/[.\s]+$/, '');
}

function remedy(text: string): { remedy?: string } {
  if (/missing in charts\/ directory|found in Chart\.yaml, but/.test(text))
    return { remedy: 'run "helm dependency build" and commit the files that it adds to charts/' };
  if (text.includes('127.0.0.1:9'))
    return { remedy: 'commit the files that it would fetch: rendering has no network' };
  return {};
}
