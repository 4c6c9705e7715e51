// Notes in a small part of Markdown: headings, lists, bold, italic, code, links to http addresses.
// Elements are made one by one and filled with text; HTML in a note stays text.
import { api, attempt, button, el } from './dom.js';

function inline(text) {
  const parts = [], pattern = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g;
  let at = 0, m;
  while ((m = pattern.exec(text))) {
    parts.push(text.slice(at, m.index));
    parts.push(m[1] ? el('code', { textContent: m[1] }) : m[2] ? el('strong', { textContent: m[2] })
      : m[3] ? el('em', { textContent: m[3] }) : el('a', { href: m[5], textContent: m[4], rel: 'noopener noreferrer', target: '_blank' }));
    at = m.index + m[0].length;
  }
  parts.push(text.slice(at));
  return parts.filter((p) => p !== '');
}

export function markdown(text) {
  const out = el('div', { className: 'note' });
  let list = null, paragraph = null, code = null;
  const end = () => { list = paragraph = null; };
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) {
      if (code) code = null;
      else { end(); out.append(code = el('pre')); }
    } else if (code) code.append(line + '\n');
    else if (!line.trim()) end();
    else if (/^#{1,4} /.test(line)) { end(); out.append(el('h4', {}, inline(line.replace(/^#+ /, '')))); }
    else if (/^\s*([-*]|\d+\.) /.test(line)) {
      const ordered = /^\s*\d/.test(line), tag = ordered ? 'OL' : 'UL';
      paragraph = null;
      if (list?.tagName !== tag) out.append(list = el(tag.toLowerCase()));
      list.append(el('li', {}, inline(line.replace(/^\s*([-*]|\d+\.) /, ''))));
    } else {
      list = null;
      if (paragraph) paragraph.append(' ', ...inline(line));
      else out.append(paragraph = el('p', {}, inline(line)));
    }
  }
  return out;
}

// A note that can be edited; trial null for the whole experiment.
export function noteEditor(experiment, trial, text) {
  const box = el('div', { className: 'noted' });
  const show = (now) => box.replaceChildren(...now ? [markdown(now)] : [],
    el('p', {}, button(now ? 'Edit the note' : 'Add a note', () => edit(now))));
  const edit = (now) => {
    const area = el('textarea', { value: now, aria: { label: trial === null ? 'Note on the experiment' : 'Note on trial ' + trial } });
    const save = async () => {
      const next = area.value.trim();
      if (await attempt(() => api('PUT', '/' + experiment + '/notes', { trial, text: next }), 'Saved the note.')) show(next);
    };
    box.replaceChildren(area, el('div', { className: 'bar' }, button('Save the note', save, { className: 'main' }), button('Cancel', () => show(now)),
      el('span', { className: 'soft', textContent: 'Markdown: # heading, - list, **bold**, *italic*, `code`, [link](https://…)' })));
    area.focus();
  };
  box.busy = () => box.querySelector('textarea') !== null;
  box.show = (now) => { if (!box.busy() && now !== box.now) { box.now = now; show(now); } };
  box.now = text;
  show(text);
  return box;
}
