// Elements, requests and messages. Every text from an experiment goes into the page as text: none is
// read as HTML.
export const main = document.getElementById('main');
const message = document.getElementById('message');
let token = sessionStorage.getItem('kaseb-token'), fading = 0;

export function el(tag, props = {}, ...children) {
  const { aria, data, ...plain } = props;
  const e = Object.assign(document.createElement(tag), plain);
  for (const [k, v] of Object.entries(aria ?? {})) e.setAttribute('aria-' + k, v);
  Object.assign(e.dataset, data ?? {});
  e.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return e;
}

export const button = (textContent, onclick, more) => el('button', { type: 'button', textContent, onclick, ...more });
export const field = (label, input) => el('label', {}, label, input);
export const badge = (text) => el('span', { className: 'badge ' + text.toLowerCase().replace(/ /g, '-'), textContent: text.toLowerCase() });

export function facts(pairs) {
  return el('dl', { className: 'facts' }, pairs.map(([name, value]) =>
    el('div', { className: name === 'folder' ? 'broad' : '' }, el('dt', { textContent: name }), el('dd', {}, value))));
}

export function say(text) {
  clearTimeout(fading);
  message.textContent = text;
  if (text) fading = setTimeout(() => { message.textContent = ''; }, 8000);
}

export function setToken(value) {
  token = value;
  sessionStorage.setItem('kaseb-token', value);
}

export function request(method, path, body, signal) {
  const headers = { 'Content-Type': 'application/json' };
  if (token) headers.Authorization = 'Bearer ' + token;
  return fetch('v1/experiments' + path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
}

async function failure(answer) {
  let detail = answer.statusText;
  try { detail = (await answer.json()).detail ?? detail; } catch { /* no JSON: the status says it */ }
  return Object.assign(new Error(answer.status === 401 ? 'The studio asks for its token.' : detail), { status: answer.status });
}

export async function api(method, path, body, signal) {
  let answer;
  try {
    answer = await request(method, path, body, signal);
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw Object.assign(new Error('The studio does not answer; is it still running?'), { status: 0 });
  }
  if (!answer.ok) throw await failure(answer);
  return answer.status === 204 ? null : answer.json();
}

export async function download(path, name) {
  const answer = await request('GET', path);
  if (!answer.ok) throw await failure(answer);
  const link = el('a', { href: URL.createObjectURL(await answer.blob()), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// Does something that may fail, and says how it went.
export async function attempt(what, done) {
  try {
    await what();
    if (done) say(done);
    return true;
  } catch (e) {
    say('That did not work: ' + e.message);
    return false;
  }
}

export async function copy(text, what) {
  await attempt(() => navigator.clipboard.writeText(text), 'Copied ' + what + '.');
}

let dialogs = 0;

// A dialog; make gets a function that closes it.
export function dialog(title, make) {
  const id = 'dialog-' + ++dialogs, box = el('dialog', { aria: { labelledby: id } });
  const close = () => box.close();
  box.append(el('h2', { id, textContent: title }), ...[make(close)].flat());
  box.addEventListener('close', () => box.remove());
  document.body.append(box);
  box.showModal();
  return box;
}
