import { isJsonObject, type JsonValue } from '@slipway/core';

/**
 * The warnings of a build, from what BuildKit's clients write besides their log. The log is not enough: its plain display drops a
 * warning that arrives before the step which it is about.
 * https://github.com/moby/buildkit/blob/v0.29.0/util/progress/progressui/display.go
 * @param metadata the metadata file; buildx lists the warnings in it where BUILDX_METADATA_WARNINGS is set
 * @param events the trace file of buildctl, a status in each line
 * @returns one sentence each, as the log would show it
 */
export function parseWarnings(metadata: string, events: string): string[] {
  const listed = valuesOf(parse(metadata), 'buildx.build.warnings');
  const traced = events.split('\n').flatMap(line => valuesOf(parse(line), 'warnings'));
  return [...listed, ...traced].flatMap(warning => {
    const short = isJsonObject(warning) ? warning['short'] : undefined;
    return typeof short === 'string' ? [Buffer.from(short, 'base64').toString('utf8')] : [];
  });
}

/** Undefined for an empty or cut line: a builder that was stopped may leave one. */
function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function valuesOf(value: JsonValue | undefined, field: string): readonly JsonValue[] {
  const found = isJsonObject(value) ? value[field] : undefined;
  return Array.isArray(found) ? found : [];
}
