// Which page is shown, by the address behind #.
import { el, main, say, setToken, field } from './dom.js';
import { listPage } from './list.js';
import { experimentPage } from './experiment.js';
import { comparePage } from './compare.js';

const trail = document.getElementById('trail'), state = document.getElementById('live');
let page = null, shownId = '', turn = null;

function askForToken() {
  const input = el('input', { type: 'password', autocomplete: 'off', required: true });
  const use = (event) => { event.preventDefault(); setToken(input.value); open(true); };
  main.replaceChildren(el('h1', { textContent: 'Token' }), el('p', { className: 'soft', textContent: 'This studio shows itself to those who have its token: the one in the file or in KASEB_TOKEN that it was started with.' }),
    el('form', { className: 'bar', onsubmit: use }, field('Token', input), el('button', { type: 'submit', className: 'main', textContent: 'Use' })));
  input.focus();
}

function open(anew) {
  const [id = '', part = ''] = location.hash.replace(/^#\/?/, '').split('/');
  if (!anew && turn && id === shownId && id !== 'compare' && id !== '') { turn(part); return; }
  page?.stop.abort();
  const stop = new AbortController();
  let wasLost = false;
  const mine = page = { stop, signal: stop.signal,
    title: (text) => { document.title = text + ' · Kaseb studio'; trail.textContent = id ? text : ''; },
    // Says that the studio cannot be read, or null that it can again; a page without data has nothing else to show.
    lost: (e, atOnce) => {
      if (page !== mine) return;
      state.textContent = e ? 'not connected' : 'live';
      if (!e) { if (wasLost) say(''); wasLost = false; return; }
      main.removeAttribute('aria-busy');
      if (e.status === 401) { stop.abort(); askForToken(); return; }
      if (atOnce) main.replaceChildren(el('h1', { textContent: e.status === 404 ? 'Not here' : 'This cannot be shown' }),
        el('p', { className: 'damaged', textContent: e.message }), el('p', {}, el('a', { href: '#/', textContent: 'All experiments' })));
      else if (!wasLost) say(e.message);
      wasLost = true;
    } };
  shownId = id;
  turn = null;
  state.textContent = '';
  trail.textContent = '';
  say('');
  main.setAttribute('aria-busy', 'true');
  if (!id) listPage(mine);
  else if (id === 'compare') comparePage(mine, part.split(',').filter(Boolean));
  else turn = experimentPage(mine, id, part);
}

addEventListener('hashchange', () => open(false));
open(true);
