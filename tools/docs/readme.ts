import type { ActionFile } from '@slipway/testbed/runner';

/** A README with the lists of its action's inputs and outputs between their markers. */
export function withLists(readme: string, action: ActionFile): string {
  const inputs = Object.entries(action.inputs).map(([name, { description, required, default: preset }]) =>
    item(name, description, [
      ...(required ? ['required'] : []),
      ...(preset === undefined || preset === '' ? [] : [`default \`${preset}\``]),
    ]),
  );
  const outputs = Object.entries(action.outputs).map(([name, { description }]) =>
    item(name, description, []),
  );
  return between(between(readme, 'inputs', inputs), 'outputs', outputs);
}

function item(name: string, description: string, notes: readonly string[]): string {
  const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  return `- **\`${name}\`**${note}: ${oneLine(description)}`;
}

export function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** @throws Error if the markers `<!-- name -->` and `<!-- /name -->` are not there */
export function between(text: string, name: string, lines: readonly string[]): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`no lines "${start}" and "${end}"`);
  const body = lines.length === 0 ? 'None.' : lines.join('\n');
  return `${text.slice(0, from + start.length)}\n${body}\n${text.slice(to)}`;
}
