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
 * Markdown of a summary for a comment. There a name after an `@` notifies its owner and a number after a `#` becomes a link: a
 * character without width behind each sign keeps what someone wrote into a manifest from doing so.
 */
export function quietMarkdown(markdown: string): string {
  const signs = ['@', '#', '&#64;', '&#35;'];
  // The address of a link is ours, as brackets in text from elsewhere are entities.
  return markdown.replaceAll(/\]\([^()\s]*\)|&#\d+;|[@#](?=\w)/g, sign =>
    signs.includes(sign) ? `${sign}&#8203;` : sign,
  );
}
