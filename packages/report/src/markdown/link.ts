/** Without brackets, spaces and quotes, with which an address could end its link. */
const ADDRESS = /^https?:\/\/[\w.~:/?#@&+,;=%-]+$/;

/** A link, or the text alone where the address could be read as anything else. @param text Markdown */
export function link(text: string, address: string): string {
  return ADDRESS.test(address) ? `[${text}](${address})` : text;
}
