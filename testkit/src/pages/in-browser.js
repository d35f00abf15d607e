// What runs in the page, and not in Node: it uses nothing of the other files, and each function is called by its name.

/**
 * Measures the page in `.markdown-body` with all of its folds open.
 * @returns {import('./measured.ts').Measured}
 */
globalThis.measurePage = () => {
  const body = document.querySelector('.markdown-body');
  const closed = openFolds(body);
  const frame = body.getBoundingClientRect();
  const measured = {
    column: frame.width,
    headings: all(body, 'h1, h2, h3, h4, h5, h6').map(heading => ({
      level: Number(heading.localName.slice(1)),
      text: heading.textContent,
    })),
    tables: all(body, 'table').map(measureTable),
    folds: all(body, 'details').length,
    beyond: all(body, '*')
      .filter(element => element.parentElement.closest('pre, table, svg') === null)
      .filter(element => element.getBoundingClientRect().right > frame.right + 1)
      .map(element => `<${element.localName}> ${element.textContent.trim().slice(0, 60)}`),
    links: all(body, 'a[href]').map(link => link.getAttribute('href')),
    prose: proseOf(body),
    text: body.textContent.replace(/\s+/g, ' '),
    diagrams: all(body, 'svg').length,
    unreadable: unreadableLabels(body),
  };
  for (const fold of closed) fold.open = false;
  return measured;
};

/** GitHub draws diagrams with the same library. One that cannot be drawn stays code. */
globalThis.drawDiagrams = async () => {
  const { mermaid } = globalThis;
  mermaid.initialize({ startOnLoad: false, suppressErrorRendering: true });
  // What is folded has no width to draw in.
  const closed = openFolds(document);
  for (const [index, code] of all(document, 'code.language-mermaid').entries()) {
    const diagram = document.createElement('div');
    code.parentElement.before(diagram);
    const drawn = await mermaid.render(`diagram-${index}`, code.textContent, diagram).catch(() => undefined);
    if (drawn === undefined) continue;
    diagram.innerHTML = drawn.svg;
    code.parentElement.remove();
  }
  for (const fold of closed) fold.open = false;
};

/** Classes of GitHub's stylesheet for the lines of a diff, by their first character. */
const PAINTS = { '+': 'pl-mi1', '-': 'pl-md', '@': 'pl-mdr', '!': 'pl-mc' };

/** GitHub paints code by its language; of that, only what this project's pages have. */
globalThis.paintDiffs = () => {
  for (const code of all(document, 'code.language-diff')) {
    const lines = code.textContent
      .trimEnd()
      .split('\n')
      .map(line => {
        const painted = document.createElement('span');
        painted.className = PAINTS[line[0]] ?? '';
        painted.textContent = line;
        return [painted, '\n'];
      });
    code.replaceChildren(...lines.flat());
  }
};

function all(root, selector) {
  return [...root.querySelectorAll(selector)];
}

/** @returns those that were closed */
function openFolds(root) {
  const closed = all(root, 'details:not([open])');
  for (const fold of closed) fold.open = true;
  return closed;
}

function measureTable(table) {
  return {
    head: (table.tHead?.textContent ?? '').trim().replace(/\s+/g, ' '),
    rows: [...table.tBodies].reduce((sum, { rows }) => sum + rows.length, 0),
    // The width of its content, which GitHub's stylesheet lets scroll where it is more than the column.
    width: table.scrollWidth,
  };
}

/** Its lines are those of the source, so that what was meant to be a heading is at the beginning of one. */
function proseOf(body) {
  const prose = body.cloneNode(true);
  for (const code of all(prose, 'pre, code, svg')) code.replaceWith(' ');
  return prose.textContent;
}

/** Labels of an axis that run into each other, and labels that are cut. */
function unreadableLabels(body) {
  const labels = all(body, 'svg .tick text, svg .sectionTitle').map(label => ({
    text: label.textContent,
    row: label.closest('.tick')?.parentElement ?? label.parentElement,
    box: label.getBoundingClientRect(),
    frame: label.closest('svg').getBoundingClientRect(),
  }));
  const isCut = ({ box, frame }) => box.left < frame.left - 1 || box.right > frame.right + 1;
  const overlaps = (label, index) =>
    labels.slice(0, index).some(other => other.row === label.row && touch(other.box, label.box));
  return labels.filter((label, index) => isCut(label) || overlaps(label, index)).map(({ text }) => text);
}

function touch(one, other) {
  const [wide, high] = [1, 3];
  return (
    one.left < other.right - wide &&
    other.left < one.right - wide &&
    one.top < other.bottom - high &&
    other.top < one.bottom - high
  );
}
