/** https://github.com/distribution/reference/blob/v0.6.0/regexp.go */
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const HOST = `(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const TAG = '\\w[\\w.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const NAME = new RegExp(`^(?:${HOST}/)?${PART}(?:/${PART})*(?::${TAG})?(?:@${DIGEST})?$`);

/** Longer ones are refused before an expression looks at them. */
const LENGTH = 512;

/** Whether a builder takes the text for the name of an image. */
export function isImageName(text: string): boolean {
  return text.length <= LENGTH && NAME.test(text) && !/^[a-f0-9]{64}$/.test(text);
}

/** The name as contexts are looked up by it: without what Docker adds by default. */
export function familiarName(image: string): string {
  return image
    .replace(/^(?:index\.)?docker\.io\//, '')
    .replace(/^library\//, '')
    .replace(/:latest$/, '');
}

/**
 * Docker's own frontends, which read Dockerfiles as described here since here-documents were added in 1.4.
 * https://hub.docker.com/r/docker/dockerfile
 */
export function isKnownFrontend(image: string): boolean {
  return /^(?:docker\.io\/)?docker\/dockerfile(?::(?:latest|labs|1|1-labs|1\.(?:[4-9]|\d\d)(?:\.\d{1,3})?(?:-labs)?)(?:@sha256:[0-9a-f]{64})?)?$/.test(
    image,
  );
}
