import { UnreadableDockerfile } from './unreadable.ts';

/** What `RUN --mount=…` mounts from; undefined for the context. @throws UnreadableDockerfile */
export function mountedFrom(mount: string): string | undefined {
  let from: string | undefined;
  for (const field of parseMountFields(mount)) {
    const [, key = '', value] = /^([^=]*)=([\s\S]*)$/.exec(field) ?? [];
    if (key.toLowerCase() !== 'from' || value === undefined) continue;
    if (/\$[\s\S]/.test(value)) throw new UnreadableDockerfile('a mount is from a variable');
    from = value;
  }
  return from === '' ? undefined : from;
}

/** The fields of a line of CSV, whose commas can be in double quotes. */
function parseMountFields(line: string): string[] {
  if (line === '') throw new UnreadableDockerfile('a mount is empty');
  const fields: string[] = [];
  const pattern = /(?:"([^"]*(?:""[^"]*)*)"|([^",]*))(,|$)/y;
  for (let isLast = false; !isLast; ) {
    const match = pattern.exec(line);
    if (match === null) throw new UnreadableDockerfile('a mount has wrong quotes');
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    isLast = match[3] === '';
  }
  return fields;
}
