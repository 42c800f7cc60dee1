/** Makes elements out of names, attributes and texts; nothing of it is ever read as markup. */

/** An HTML element. Attributes named `on…` are listeners; null and false ones are left out. */
export function make(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** An SVG element, likewise. */
export function makeSVG(tag, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets an element's text where it differs, which leaves selections and readers in peace. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The element of this id; a detached one where the page has none. */
export const part = (id) => document.getElementById(id) ?? make('div');

/** Puts elements into this order, and moves none that are in place. */
export function arrange(parent, elements) {
  const wanted = new Set(elements);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  elements.forEach((element, index) => {
    if (parent.children[index] !== element) {
      parent.insertBefore(element, parent.children[index] ?? null);
    }
  });
}

/** Fills a part of the page with what is live, in place of what the server wrote. */
export function fill(place, elements) {
  place.classList.remove('figures', 'samples', 'card');
  place.classList.add('isLive');
  arrange(place, elements);
}

/** Calls `work` at most once a frame, however often what this returns is called. */
export function oncePerFrame(work) {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => { isAsked = false; work(); });
  };
}

/** A button that copies an element's text. */
function copyButton(source) {
  const button = make('button', { type: 'button', class: 'copy' }, 'Copy');
  button.addEventListener('click', async () => {
    const text = source.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {  // Pages that did not come over HTTPS have no clipboard.
      getSelection().selectAllChildren(source);
      document.execCommand('copy');
    }
    setText(button, 'Copied');
    setTimeout(() => setText(button, 'Copy'), 2000);
  });
  return button;
}

/** Puts a copy button behind all elements that ask for one. */
export function addCopyButtons() {
  for (const source of document.querySelectorAll('[data-copy]')) source.after(copyButton(source));
}
