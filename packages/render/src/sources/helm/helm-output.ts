/** One manifest in the output of `helm template`. */
export interface HelmManifest {
  /** `demo/templates/api.yaml`, or `demo/charts/redis/templates/…` in a chart that it depends on. */
  readonly template: string;
  readonly text: string;
}

const HEADER = /^---\n# Source: (.+)\n/gm;

/** Helm writes the source of a manifest on the line after its `---`. Manifests without content are left out. */
export function helmManifests(output: string): HelmManifest[] {
  const headers = [...output.matchAll(HEADER)];
  return headers.flatMap(({ 0: { length }, 1: template = '', index }, number) => {
    const text = output.slice(index + length, headers[number + 1]?.index);
    const isEmpty = text.split('\n').every(line => /^\s*(?:#|$|---$)/.test(line));
    return isEmpty ? [] : [{ template: template.trim(), text }];
  });
}
