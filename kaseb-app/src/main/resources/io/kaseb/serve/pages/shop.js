// The live shop: items to click, and what the model makes of each click.
import { api, el, get, meter, number, percent, showFailure, whenReady } from './page.js';
import { draw, roundUp } from './chart.js';
import { Visit } from './visit.js';

const FOUND = 20, TYPING = 200, BETWEEN = 1200, FEWEST_LETTERS = 3, MOST_COMPARED = 100;
const TOLD = { view: 'Viewed', cart: 'Into the cart:', remove: 'Out of the cart:', search: 'Searched', purchase: 'Bought',
  wishlist: 'Wished for', checkout: 'Began the order', page: 'Saw a page' };

let signals = null, visit = new Visit(), replaying = null, searches = 0;
const details = new Map();

// ---- items ----

const isWord = text => typeof text === 'string' && text.length >= FEWEST_LETTERS && /\p{L}/u.test(text);

/** Returns how an item is shown: its title, what else is known, and letters for its tile. */
function describe(item) {
  const known = details.get(item), attributes = { ...known?.attributes };
  const kind = isWord(attributes.category) ? attributes.category : null;
  const title = known?.name ?? (kind ? kind[0].toUpperCase() + kind.slice(1) : item);
  if (!known?.name && kind) delete attributes.category;
  const more = Object.entries(attributes).map(([name, value]) => typeof value === 'number' ? `${name} ${number(value)}` : String(value));
  return { title, more, letters: title === item ? item.slice(-4) : title.slice(0, 2), color: kind ?? item };
}

/** Returns a short name that tells items apart. */
function short(item) {
  const { title } = describe(item);
  return title === item || details.get(item)?.name ? title : `${title} ${item}`;
}

function hue(text) {
  let hash = 7;
  for (const c of text) hash = (hash * 31 + c.codePointAt(0)) % 65_521;
  return hash * 137.5 % 360;
}

function learn(items) { for (const item of items) details.set(item.item, item); }

async function learnMissing(items) {
  const missing = [...new Set(items)].filter(item => item != null && !details.has(item));
  // Ids with commas cannot stand in a list; they are shown by their ids alone.
  const listed = missing.filter(item => !item.includes(','));
  if (!listed.length) return;
  const { value } = await api('GET', '/v1/catalogue?items=' + listed.map(encodeURIComponent).join(','));
  learn(value.items);
}

function card(item, chance) {
  const { title, more, letters, color } = describe(item), inCart = visit.cart().has(item);
  const tile = el('span', { className: 'tile', textContent: letters, 'aria-hidden': 'true' });
  tile.style.setProperty('--hue', hue(color));
  const words = el('span', { className: 'words' }, el('span', { className: 'title', textContent: title }),
    more.length > 0 && el('span', { className: 'more', textContent: more.join(' · ') }));
  if (title !== item) words.append(el('span', { className: 'more', textContent: item }));
  if (chance) {
    words.append(el('span', { className: 'chance', textContent: chance.probability == null ? `score ${number(chance.score, 2)}` : `next: ${percent(chance.probability)}`
      + (chance.source === 'new' ? ', a new item' : chance.source === 'popular' ? ', popular' : '') }));
    if (chance.probability != null) words.append(meter(chance.probability / chance.most));
  }
  const open = el('button', { type: 'button', className: 'view', onclick: () => act('view', item) }, tile, words);
  const does = el('div', { className: 'do' });
  if (knows('cart')) {
    does.append(el('button', { type: 'button', textContent: inCart ? 'Take out' : 'Add to cart', onclick: () => act(inCart ? 'remove' : 'cart', item),
      ariaLabel: `${inCart ? 'Take out of the cart' : 'Add to cart'}: ${short(item)}`, disabled: inCart && !knows('remove') }));
  }
  return el('li', { className: 'card' }, open, knows('cart') && does);
}

const knows = action => signals.actions.includes(action);

async function search() {
  const mine = ++searches, text = get('search').value.trim(), list = get('found'), empty = get('found-empty');
  try {
    const { value } = await api('GET', `/v1/catalogue?limit=${FOUND}&query=${encodeURIComponent(text)}`);
    if (mine !== searches) return;
    learn(value.items);
    list.ids = value.items.map(item => item.item);
    get('found-title').textContent = text ? 'Found' + (value.more ? `, the first ${FOUND}` : '') : 'Popular items';
    empty.hidden = value.items.length > 0;
    empty.textContent = value.items.length ? '' : `No item has “${text}” in its id, name or attributes.`;
    drawFound();
  } catch (e) { showFailure(e, search); }
}

function drawFound() { replace('found', (get('found').ids ?? []).map(item => card(item))); }

// ---- what happens ----

function eventOf(action, item, attributes = {}) {
  const event = { action, attributes: { ...attributes } };
  if (item == null) return event;
  const known = details.get(item)?.attributes ?? {};
  event.item = item;
  if (known.category != null) event.category = String(known.category);
  // A model reads what it learned of an item from each event.
  for (const { name, level } of signals.attributes) if (level === 'item' && known[name] != null) event.attributes[name] = known[name];
  return event;
}

async function act(action, item, attributes) {
  stopReplay();
  await happen(eventOf(action, item, attributes));
}

async function happen(event) {
  const mine = visit;
  try {
    await mine.add(event);
    if (mine !== visit) return;
    showFailure(null);
    await learnMissing([...mine.answer.items.map(next => next.item), ...mine.events.map(e => e.item)]);
    if (mine === visit) drawVisit();
  } catch (e) {
    if (mine !== visit) return;
    // It did not happen: the server knows nothing of it.
    mine.events.splice(mine.events.indexOf(event), 1);
    drawVisit();
    showFailure(e, () => happen(event));
    return;
  }
  await compare(mine, mine.answer).catch(showFailure);
}

const isOfVisit = attribute => attribute.level === 'session' || attribute.level === 'user';

/** Returns the value of an attribute that most visitors have, or most but those with this one. */
const usual = ({ values }, but) => values.find(value => value !== but && value !== 'other');

/**
 * Asks what the model would say of the same visit with the more usual value of each attribute: one that
 * is left out says little where no visitor of the training lacked it.
 */
async function compare(mine, answer) {
  const compared = [];
  if (signals.purchases && mine.events.length <= MOST_COMPARED) {
    for (const attribute of signals.attributes.filter(a => isOfVisit(a) && a.kind === 'category')) {
      const value = mine.attributes[attribute.name], other = usual(attribute, value);
      if (value == null || other == null) continue;
      const { value: forecast } = await api('POST', '/v1/forecast?k=1&unknown=follow',
        { clicks: mine.events, session_attributes: { ...mine.attributes, [attribute.name]: other } });
      const odds = p => Math.log(p / (1 - p));
      compared.push({ text: `${attribute.name}: ${value} rather than ${other}`, log_odds: odds(answer.buy_probability) - odds(forecast.buy_probability) });
    }
  }
  if (mine !== visit || answer !== mine.answer) return;
  mine.compared = compared;
  drawReasons();
}

function startOver(attributes = visit.attributes) {
  visit.forget();
  const millis = visit.millis;
  visit = new Visit(attributes);
  visit.millis = millis;
  get('replayed').hidden = true;
  drawVisit();
}

async function change(name, value) {
  stopReplay();
  const attributes = { ...visit.attributes };
  if (value === '') delete attributes[name]; else attributes[name] = value;
  try {
    if (visit.events.length) visit = await visit.with(attributes); else visit.attributes = attributes;
    showFailure(null);
    drawVisit();
    if (visit.events.length) await compare(visit, visit.answer);
  } catch (e) { showFailure(e, () => change(name, value)); }
}

// ---- replay ----

function stopReplay() {
  if (!replaying) return;
  clearTimeout(replaying.timer);
  replaying = null;
  drawActions();
}

async function replay() {
  stopReplay();
  try {
    const { value } = await api('GET', '/v1/replay?visit=' + (1 + Math.floor(Math.random() * signals.visits)));
    startOver(value.session_attributes);
    drawAttributes();
    replaying = { value, next: 0, timer: 0 };
    drawActions();
    get('replayed').hidden = false;
    await step(replaying);
  } catch (e) { showFailure(e, replay); }
}

async function step(mine) {
  const { events, visit: place, visits, source, bought } = mine.value;
  get('replayed').textContent = `Visit ${place} of ${visits} from ${source}: event ${mine.next + 1} of ${events.length}.`;
  await learnMissing([events[mine.next].item]).catch(() => {});
  if (mine !== replaying) return;
  await happen(events[mine.next++]);
  if (mine !== replaying) return;
  if (mine.next < events.length) {
    mine.timer = setTimeout(() => step(mine), BETWEEN);
    return;
  }
  stopReplay();
  await learnMissing(bought).catch(() => {});
  get('replayed').textContent = `Visit ${place} of ${visits} from ${source}. In the log it `
    + (bought.length ? `then bought ${bought.map(short).join(', ')}.` : 'bought nothing.');
}

// ---- drawing ----

/** Gives a list other rows; the keyboard's focus stays where it was in it. */
function replace(id, rows) {
  const list = get(id), at = [...list.querySelectorAll('button')].indexOf(document.activeElement);
  list.replaceChildren(...rows);
  if (at >= 0) {
    const buttons = list.querySelectorAll('button');
    buttons[Math.min(at, buttons.length - 1)]?.focus({ preventScroll: true });
  }
}

function told(event, isLong = true) {
  const verb = TOLD[event.action ?? 'view'] ?? event.action;
  const words = signals.attributes.filter(a => a.level === 'event' && event.attributes?.[a.name] != null)
    .map(a => a.kind === 'words' ? `“${event.attributes[a.name]}”` : `${a.name} ${event.attributes[a.name]}`);
  return [verb, event.item == null ? null : isLong ? short(event.item) : describe(event.item).title, ...words].filter(Boolean).join(' ');
}

function drawVisit() {
  drawForecast();
  drawNext();
  drawEvents();
  drawFound();
  drawActions();
}

function drawForecast() {
  const answer = visit.events.length ? visit.answer : null, p = answer?.buy_probability;
  const steps = answer?.explain?.clicks ?? [];
  const previous = steps.length > 1 ? steps.at(-2).buy_probability : null;
  get('probability').textContent = percent(p);
  const moved = p == null || previous == null ? null : p - previous;
  const change = get('change');
  change.className = moved > 0 ? 'up' : moved < 0 ? 'down' : 'soft';
  change.textContent = moved == null ? p == null ? '' : 'after the first event'
    : `${moved >= 0 ? '▲' : '▼'} ${number(Math.abs(moved) * 100, 1)} points`;
  // On a phone the cards are far below the forecast.
  get('floating').hidden = p == null;
  get('floating').textContent = `Buys: ${percent(p)} ${change.textContent.startsWith('after') ? '' : change.textContent}`;
  const last = visit.events.at(-1);
  const spoken = p == null ? '' : `Purchase probability ${percent(p)} after: ${told(last, false)}.`;
  if (get('spoken').textContent !== spoken) get('spoken').textContent = spoken;
  drawHistory(steps);
  drawReasons();
  drawBasket(answer?.bought ?? []);
}

function drawHistory(steps) {
  const place = get('history'), isEmpty = !steps.length;
  place.hidden = isEmpty;
  get('key').hidden = isEmpty || steps.every(step => step.action == null);
  if (isEmpty) return;
  const first = visit.answer.clicks - steps.length;
  const points = steps.map((step, i) => [first + i + 1, step.buy_probability]);
  const most = roundUp(Math.max(.01, ...points.map(([, p]) => p)));
  draw(place, {
    label: `Purchase probability after each of ${steps.length} events: ${points.slice(-8).map(([, p]) => percent(p)).join(', ')}`,
    height: 150, x: [first + 1, Math.max(first + 2, points.at(-1)[0])], y: [0, Math.min(1, most)], ySteps: 2,
    yText: value => number(value * 100, most < .02 ? 1 : 0) + ' %',
    xTicks: points.length > 1 ? [[points[0][0], 'event ' + points[0][0]], [points.at(-1)[0], String(points.at(-1)[0])]] : [[points[0][0], 'event ' + points[0][0]]],
    lines: [{ points, hasArea: true,
      dots: steps.map(step => step.action == null || step.action === 'view' ? 'view' : ['cart', 'remove'].includes(step.action) ? step.action : 'other'),
      titles: steps.map(step => `${told({ action: step.action, item: step.item })}: ${percent(step.buy_probability)}`) }],
  });
}

function drawReasons() {
  // Attributes that were compared with a more usual value are told by that.
  const isCompared = ({ feature }) => signals.attributes.some(a => isOfVisit(a) && a.kind === 'category' && feature.startsWith(a.name + '='));
  const reasons = visit.events.length ? visit.answer?.explain?.reasons ?? [] : [];
  const shown = [...reasons.filter(reason => !isCompared(reason)), ...visit.compared ?? []]
    .filter(reason => Number.isFinite(reason.log_odds) && Math.abs(reason.log_odds) >= .01).sort((a, b) => Math.abs(b.log_odds) - Math.abs(a.log_odds)).slice(0, 6);
  const most = Math.max(1, ...shown.map(reason => Math.abs(reason.log_odds)));
  get('reasons-empty').hidden = shown.length > 0;
  get('reasons-empty').textContent = visit.events.length ? 'Nothing stands out.' : 'Nothing yet.';
  replace('reasons', shown.map(({ feature, item, text, log_odds: odds }) => {
    const what = text ?? (feature.includes('=') || feature === 'earlier sessions' ? feature.replace('=', ': ') : told({ action: feature, item }));
    const fill = el('span', { className: odds < 0 ? 'minus' : 'plus' });
    fill.style.width = Math.abs(odds) / most * 100 + '%';
    return el('li', {}, el('span', { className: 'what', textContent: what }),
      el('span', { className: 'figure ' + (odds < 0 ? 'down' : 'up'), textContent: `odds × ${Math.exp(odds).toFixed(2)}` }),
      el('span', { className: 'shift', 'aria-hidden': 'true' }, fill));
  }));
}

function drawBasket(bought) {
  const shown = bought.slice(0, 5);
  get('basket-empty').hidden = shown.length > 0;
  replace('basket', shown.map(({ item, probability }) => el('li', {},
    el('span', { className: 'what', textContent: short(item) }),
    el('span', { className: 'figure', textContent: percent(probability) }), meter(probability))));
}

function drawNext() {
  const items = visit.events.length ? visit.answer?.items ?? [] : [];
  get('next-empty').hidden = items.length > 0;
  const most = Math.max(...items.map(next => next.probability ?? 0));
  replace('next', items.map(next => card(next.item, { ...next, most })));
}

function drawEvents() {
  const cart = visit.cart();
  get('events-empty').hidden = visit.events.length > 0;
  replace('events', visit.events.map((event, i) => {
    const { item } = event, isLatest = item != null && visit.events.findLastIndex(e => e.item === item) === i;
    const tools = el('span', { className: 'tools' });
    if (isLatest && knows('cart') && !replaying) {
      const inCart = cart.has(item);
      if (!inCart || knows('remove')) {
        tools.append(el('button', { type: 'button', textContent: inCart ? 'Take out' : 'Add to cart', ariaLabel: `${inCart ? 'Take out of the cart' : 'Add to cart'}: ${short(item)}`,
          onclick: () => act(inCart ? 'remove' : 'cart', item) }));
      }
    }
    if (isLatest && knows('wishlist') && !replaying) {
      tools.append(el('button', { type: 'button', textContent: 'Wish', ariaLabel: 'Wish for: ' + short(item), onclick: () => act('wishlist', item) }));
    }
    return el('li', {}, el('span', { className: 'what', textContent: `${i + 1}. ${told(event)}` }), tools);
  }));
  const sorted = [...visit.millis].sort((a, b) => a - b);
  get('latency').replaceChildren(...(sorted.length ? [
    el('span', { textContent: `answered in ${number(visit.millis.at(-1), 1)} ms` }),
    el('span', { textContent: `median of ${sorted.length}: ${number(sorted[sorted.length >> 1], 1)} ms` }),
    el('span', { textContent: `${cart.size} in the cart` })] : []));
}

function drawActions() {
  const button = (textContent, onclick, className = '') => el('button', { type: 'button', textContent, onclick, className });
  const others = signals.actions.filter(a => !['view', 'cart', 'remove', 'search', 'wishlist', 'purchase'].includes(a)).slice(0, 8);
  const wanted = [
    signals.visits > 0 && (replaying ? ['Stop the replay', stopReplay, ''] : ['Replay a logged visit', replay, 'main']),
    visit.events.length > 0 && ['New visit', () => { stopReplay(); startOver(); }, ''],
    ...(visit.events.length && !replaying ? others.map(action => [TOLD[action] ?? action, () => act(action, null), '']) : []),
  ].filter(Boolean);
  const names = wanted.map(([name]) => name).join('\n');
  // Buttons that stay keep the keyboard's focus.
  if (get('actions').names === names) return;
  get('actions').names = names;
  const hadFocus = get('actions').contains(document.activeElement);
  get('actions').replaceChildren(...wanted.map(args => button(...args)));
  if (hadFocus) get('actions').querySelector('button')?.focus();
}

function drawAttributes() {
  const asked = signals.attributes.filter(isOfVisit);
  get('attributes').hidden = !asked.length;
  get('attributes').replaceChildren(...asked.map(({ name, kind, values }) => {
    const now = visit.attributes[name] ?? '';
    const options = values.includes(String(now)) || now === '' ? values : [String(now), ...values];
    const input = kind === 'category'
      ? el('select', {}, el('option', { value: '', textContent: 'not told' }), ...options.map(value => el('option', { value, textContent: value })))
      : el('input', { type: kind === 'number' ? 'number' : 'text', step: 'any', maxLength: 200 });
    input.value = now;
    input.onchange = () => change(name, kind === 'number' && input.value !== '' ? Number(input.value) : input.value);
    return el('label', {}, name, input);
  }));
}

function drawSearch() {
  const words = signals.attributes.find(a => a.level === 'event' && a.kind === 'words');
  let typing = 0;
  get('search').oninput = () => { clearTimeout(typing); typing = setTimeout(search, TYPING); };
  if (!knows('search')) return;
  get('search-hint').hidden = false;
  get('search-hint').textContent = 'The Enter key tells the model of the search.';
  get('search').setAttribute('aria-describedby', 'search-hint');
  get('search').onkeydown = event => {
    const text = get('search').value.trim();
    if (event.key === 'Enter' && text) act('search', null, words ? { [words.name]: text } : {});
  };
}

async function start() {
  showFailure(null);
  try {
    const { value } = await whenReady(() => api('GET', '/v1/signals'), why => { get('loading').textContent = why[0].toUpperCase() + why.slice(1) + '…'; });
    signals = value;
    get('served').textContent = `${value.model}: ${value.kind}, ${number(value.items)} items, version ${value.version}`;
    get('loading').hidden = true;
    get('shop').hidden = false;
    get('buys').hidden = !value.purchases;
    for (const a of value.attributes) if (isOfVisit(a) && a.kind === 'category' && usual(a) != null) visit.attributes[a.name] = usual(a);
    drawAttributes();
    drawSearch();
    drawVisit();
    await search();
  } catch (e) {
    get('loading').hidden = true;
    showFailure(e, () => { get('loading').hidden = false; start(); });
  }
}

addEventListener('keydown', event => {
  if (event.key === '/' && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '')) {
    event.preventDefault();
    get('search').focus();
  }
});
start();
