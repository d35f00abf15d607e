/** An annotation as the runner understood it. */
export interface ShownAnnotation {
  readonly severity: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly title?: string;
}

/** A step's output as the page of the run shows it. */
export class StepLog {
  /** The visible lines, with secrets masked. */
  readonly lines: string[] = [];
  readonly annotations: ShownAnnotation[] = [];
  readonly #secrets = new Set<string>();

  /** Reads one line of the process. @returns the visible line; undefined for a command */
  take(line: string): string | undefined {
    const command = /^::([a-z-]+)(?: (.*?))?::(.*)$/.exec(line.trimEnd());
    if (command === null) return this.#show(line);
    const [, name = '', properties = '', data = ''] = command;
    switch (name) {
      case 'add-mask':
        if (unescapeData(data) !== '') this.#secrets.add(unescapeData(data));
        return undefined;
      case 'error':
      case 'warning':
      case 'notice':
        this.annotations.push(this.#annotation(name, parseProperties(properties), unescapeData(data)));
        return this.#show(`${name}: ${unescapeData(data)}`);
      case 'group':
        return this.#show(unescapeData(data));
      default:
        return undefined;
    }
  }

  /** The text without the secrets that have been masked so far. */
  blank(text: string): string {
    let blanked = text;
    for (const secret of this.#secrets) blanked = blanked.replaceAll(secret, '***');
    return blanked;
  }

  #show(line: string): string {
    const shown = this.blank(line);
    this.lines.push(shown);
    return shown;
  }

  #annotation(
    severity: ShownAnnotation['severity'],
    properties: Readonly<Record<string, string>>,
    message: string,
  ): ShownAnnotation {
    const { file, line, col, title } = properties;
    return {
      severity,
      message: this.blank(message),
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line: Number(line) }),
      ...(col === undefined ? {} : { column: Number(col) }),
      ...(title === undefined ? {} : { title: this.blank(title) }),
    };
  }
}

function parseProperties(text: string): Record<string, string> {
  const pairs = text
    .split(',')
    .map(pair => pair.split('=', 2) as [string, string?])
    .filter(([name]) => name !== '');
  return Object.fromEntries(pairs.map(([name, value = '']) => [name, unescapeProperty(value)]));
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}
