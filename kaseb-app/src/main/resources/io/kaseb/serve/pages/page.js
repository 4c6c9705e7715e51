// What all pages share. Every text that comes from the server goes into a page by textContent or as
// an attribute: none is ever read as HTML.

/** Makes an element. */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name in made && name !== 'list') made[name] = value; else made.setAttribute(name, value);
  }
  made.append(...children.filter(child => child != null && child !== false));
  return made;
}

/** Finds an element of this page. */
export const get = id => document.getElementById(id);

/** What the server refused, or that it could not be reached. */
export class Failure extends Error {
  constructor(status, message) { super(message); this.status = status; }
}

const TOKEN = 'kaseb-token';
let asking = null;

/** Asks for the token; one dialog for all requests that need it. Kept until the tab is closed. */
function askForToken(why) {
  asking ??= new Promise((resolve, reject) => {
    const input = el('input', { type: 'password', id: 'token', autocomplete: 'off', spellcheck: false });
    const dialog = el('dialog', { 'aria-labelledby': 'token-title' },
      el('h2', { id: 'token-title', textContent: 'This server needs a token' }),
      el('p', { className: 'small soft', textContent: why }),
      el('label', { htmlFor: 'token', textContent: 'Token' }), input,
      el('div', { className: 'bar' },
        el('button', { type: 'button', className: 'main', textContent: 'Use it', onclick: () => use() }),
        el('button', { type: 'button', textContent: 'Not now', onclick: () => dialog.close() })));
    let isUsed = false;
    const use = () => {
      if (!input.value.trim()) return;
      isUsed = true;
      sessionStorage.setItem(TOKEN, input.value.trim());
      dialog.close();
    };
    input.onkeydown = event => { if (event.key === 'Enter') use(); };
    dialog.onclose = () => {
      dialog.remove();
      asking = null;
      if (isUsed) resolve(); else reject(new Failure(401, why));
    };
    document.body.append(dialog);
    dialog.showModal();
  });
  return asking;
}

async function send(method, path, body) {
  const headers = {};
  const token = sessionStorage.getItem(TOKEN);
  if (token) headers.Authorization = 'Bearer ' + token;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store' });
  } catch {
    throw new Failure(0, 'The server does not answer.');
  }
  if (answer.status === 401) {
    sessionStorage.removeItem(TOKEN);
    await askForToken(token ? 'The token was refused.' : 'It is kept in this tab only, until the tab is closed.');
    return send(method, path, body);
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Failure(answer.status, problem.detail ?? answer.statusText);
  }
  return answer;
}

/** Sends a request; returns the answer's JSON, null where it has none, and how many milliseconds it took. */
export async function api(method, path, body) {
  const began = performance.now();
  const answer = await send(method, path, body);
  const value = answer.status === 204 ? null : await answer.json();
  return { value, millis: performance.now() - began };
}

/** Returns an answer's text. */
export async function text(path) {
  return (await send('GET', path)).text();
}

/** Calls a function until it no longer fails for want of a loaded model. */
export async function whenReady(ask, waiting) {
  for (;;) {
    try {
      return await ask();
    } catch (e) {
      if (e.status !== 503) throw e;
      waiting(e.message);
      await new Promise(resolve => setTimeout(resolve, 1000));
    }
  }
}

/** Shows what failed, with a way to try again; nothing where it is null. */
export function showFailure(failure, again) {
  const place = get('failure');
  place.replaceChildren();
  place.hidden = failure == null;
  if (failure == null) return;
  if (!(failure instanceof Failure)) console.error(failure);
  place.append(el('span', { textContent: failure.message }));
  if (again) place.append(el('button', { type: 'button', textContent: 'Try again', onclick: again }));
}

const NUMBER = new Intl.NumberFormat('en');

/** Writes a whole number, or one with some digits. */
export const number = (value, digits = 0) => value == null || !Number.isFinite(value) ? '–'
  : digits ? value.toFixed(digits) : NUMBER.format(Math.round(value));

/** Writes a probability. */
export function percent(p) {
  if (p == null || !Number.isFinite(p)) return '–';
  const shown = p * 100;
  return (shown >= 9.95 || shown === 0 ? shown.toFixed(shown >= 99.95 || shown === 0 ? 0 : 1) : shown >= .095 ? shown.toFixed(2) : '<0.1') + ' %';
}

/** Writes seconds, as a person would. */
export function duration(seconds) {
  if (seconds < 90) return Math.round(seconds) + ' s';
  const minutes = Math.floor(seconds / 60);
  if (minutes < 90) return minutes + ' min';
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

/** Returns a bar that is filled in part; the number stands beside it. */
export function meter(share) {
  const filled = el('span');
  filled.style.width = Math.max(0, Math.min(1, share)) * 100 + '%';
  return el('span', { className: 'meter', 'aria-hidden': 'true' }, filled);
}

/** Returns a table's row: a name, then cells. */
export function row(name, ...cells) {
  return el('tr', {}, el('th', { scope: 'row' }, name),
    ...cells.map(cell => cell instanceof Node ? el('td', {}, cell) : el('td', { textContent: cell ?? '–' })));
}
