import { quote, SlipwayError } from '@slipway/core';
import type { WorkflowErrorCode } from '../error-codes.ts';

/** Texts that YAML 1.1 or 1.2 would read as something else. */
const READ_OTHERWISE = /^(?:true|false|yes|no|on|off|y|n|null)$/i;

/** @throws SlipwayError `workflow-name-invalid` for a text that GitHub would evaluate, or that would not be one line */
function checked(text: string): string {
  if (!text.includes('${{') && !/[\u0000-\u001f\u007f\u2028\u2029]/.test(text)) return text;
  throw new SlipwayError<WorkflowErrorCode>({
    code: 'workflow-name-invalid',
    message: `the text ${quote(text)} cannot be written into a workflow`,
    remedy: 'rename it',
  });
}

/** Text of someone else as a scalar that is nothing but this text, in block and in flow style. */
export function literal(text: string): string {
  const isPlain = /^[A-Za-z][A-Za-z0-9_./=-]*$/.test(checked(text)) && !READ_OTHERWISE.test(text);
  return isPlain ? text : JSON.stringify(text);
}

/** An expression, quoted so that flow style takes it too. */
export function expression(text: string): string {
  return `"\${{ ${text} }}"`;
}

/** Text of someone else as a text of an expression. */
export function inExpression(text: string): string {
  return `'${checked(text).replaceAll("'", "''")}'`;
}

export function flowMap(entries: readonly (readonly [key: string, value: string])[]): string {
  if (entries.length === 0) return '{}';
  return `{ ${entries.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
}

/** `key: value`, or a block of lines if there are several. */
export function textField(key: string, lines: readonly string[]): string[] {
  if (lines.length === 1) return [`${key}: ${literal(lines[0] ?? '')}`];
  return [`${key}: |`, ...lines.map(line => `  ${checked(line)}`)];
}
