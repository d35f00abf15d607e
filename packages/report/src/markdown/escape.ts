/**
 * Text from elsewhere in a job summary: every character that Markdown or HTML could act on becomes an entity, which GitHub
 * shows as that character. Line breaks become spaces, so that a text cannot leave its table cell.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n\u2028\u2029]+/g, ' ')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '\u{FFFD}')
    .replace(/[&<>"'`*_~|[\]()#@!\\$+{}^=]|:(?=\/\/)/g, character => `&#${character.charCodeAt(0)};`);
}

/**
 * Markdown of a summary for a comment. There a name after an `@` notifies its owner and a number after a `#` or `GH-` becomes a link: a
 * character without width behind each sign keeps what someone wrote into a manifest from doing so.
 */
export function quietMarkdown(markdown: string): string {
  const signs = ['@', '#', 'GH-', '&#64;', '&#35;'];
  // The address of a link is ours, as brackets in text from elsewhere are entities.
  return withoutAddresses(markdown).replaceAll(
    /\]\([^()\s]*\)|&#\d+;|[@#](?=\w)|(?<![a-z\d])GH-(?=\d)/gi,
    sign => (signs.includes(sign.toUpperCase()) ? `${sign}&#8203;` : sign),
  );
}

/** What is left as it is: fenced lines and our own links. Then what GitHub would make a link of: `www.` and the sign of a mail address. */
const ADDRESSES =
  /^(`{3,})[^\n]*\n[\s\S]*?^\1$|\]\([^()\s]*\)|(?<![a-z\d])www\.(?=\S)|(?<=[a-z\d.+_;-])&#64;(?=[a-z\d_&-])/gim;

/**
 * Markdown in which no address in text from elsewhere becomes a link: GitHub finds those without a scheme only after it has read the
 * entities. A sign-off on our page must not lead to a page of someone else.
 * It is for what is shown, after secrets are masked, since it puts something between letters.
 * https://github.github.com/gfm/#autolinks-extension-
 */
export function withoutAddresses(markdown: string): string {
  return markdown.replaceAll(ADDRESSES, found => {
    if (found.startsWith('`') || found.startsWith(']')) return found;
    return found === '&#64;' ? '<!---->&#64;' : found.replace('.', '&#46;');
  });
}
