// One visit of the live shop: its events go to the server one after another, as a shop's own would.
import { api } from './page.js';

const NEXT = 8;
const QUERY = `?k=${NEXT}&explain=true&unknown=follow`;

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return 'live-shop-' + [...bytes].map(b => b.toString(16).padStart(2, '0')).join('');
}

export class Visit {
  /** @param attributes of the visitor, by name */
  constructor(attributes = {}) {
    this.id = newId();
    this.attributes = attributes;
    this.events = [];
    this.answer = null;
    this.millis = [];
    this.shift = 0;
    this.queue = Promise.resolve();
  }

  get path() { return '/v1/sessions/' + this.id; }

  /** Tells the server an event; it happens now, unless it has a time. */
  add(event) {
    const now = Date.now();
    // What follows the events of a log goes on at their time.
    if (event.time == null) event = { ...event, time: now + this.shift }; else this.shift = event.time - now;
    this.events.push(event);
    this.queue = this.queue.catch(() => {}).then(() => this.#send(event));
    return this.queue;
  }

  async #send(event) {
    const body = { ...event };
    if (!this.shift) delete body.time;
    if (Object.keys(this.attributes).length) body.session_attributes = this.attributes;
    const { value, millis } = await api('POST', this.path + '/events' + QUERY, body);
    this.answer = value;
    this.millis.push(millis);
    return value;
  }

  /** Returns the same visit with other attributes of the visitor: the server keeps the first values. */
  async with(attributes) {
    const other = new Visit(attributes);
    other.millis = this.millis;
    for (const event of this.events) await other.add(event);
    other.shift = this.shift;
    this.forget();
    return other;
  }

  /** Lets the server forget it. */
  forget() {
    if (this.events.length) this.queue.catch(() => {}).then(() => api('DELETE', this.path)).catch(() => {});
  }

  /** Returns the ids of what is in the cart. */
  cart() {
    const inside = new Set();
    for (const { action, item } of this.events) {
      if (action === 'cart') inside.add(item);
      else if (action === 'remove') inside.delete(item);
    }
    return inside;
  }
}
