/** What the Markdown of a page means to show, by its own lines. */
export interface Written {
  /** The level of each heading. */
  readonly headings: readonly number[];
  /** The rows of each table, without its head. */
  readonly tables: readonly number[];
  readonly folds: number;
  /** How many folds are not closed. */
  readonly open: number;
  readonly diagrams: number;
}

/**
 * Reads the lines of a page for what its author meant, without Markdown's rules on what is around a line: it is these rules that turn
 * a heading after `</details>` into text.
 */
export function writtenIn(markdown: string): Written {
  const lines = outsideOfCode(markdown);
  const [opened, closed] = [/<details(?: open)?>/, '</details>'].map(
    tag => lines.join('\n').split(tag).length - 1,
  ) as [number, number];
  return {
    headings: lines.flatMap(line => /^(#{1,6}) /.exec(line)?.[1]?.length ?? []),
    tables: tablesIn(lines),
    ...{ folds: opened, open: opened - closed },
    diagrams: markdown.match(/^```mermaid$/gm)?.length ?? 0,
  };
}

function outsideOfCode(markdown: string): string[] {
  const lines: string[] = [];
  let end: string | undefined;
  for (const line of markdown.split('\n')) {
    if (end !== undefined) {
      if (end === '</pre>' ? line.includes(end) : line === end) end = undefined;
      continue;
    }
    const [fence] = /^`{3,}/.exec(line) ?? [];
    if (fence !== undefined) end = fence;
    else if (line.startsWith('<pre>') && !line.includes('</pre>')) end = '</pre>';
    else if (!line.startsWith('<pre>')) lines.push(line);
  }
  return lines;
}

function tablesIn(lines: readonly string[]): number[] {
  return lines.flatMap((line, index) => {
    if (!/^\|(?: *:?-{3,}:? *\|)+ *$/.test(line)) return [];
    const rows = lines.slice(index + 1).findIndex(row => !row.startsWith('|'));
    return [rows === -1 ? lines.length - index - 1 : rows];
  });
}
