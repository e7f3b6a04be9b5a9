// The search over folders, files, public items and rules. The items are read when somebody searches for the first
// time, because they are many.
(() => {
  'use strict';
  const MOST = 40;
  const { folders, files, rules } = window.batonPages;
  const address = window.batonAddress;
  const { root } = document.documentElement.dataset;
  const form = document.getElementById('search');
  const input = document.getElementById('query');
  const results = document.getElementById('results');
  const status = document.getElementById('found');

  const lastPart = (path) => path.slice(path.lastIndexOf('/') + 1);

  // What can be found: its kind, its name, where it is, and the address that leads there.
  function entry(kind, name, where, href) {
    return { kind, name, where, href, lowName: name.toLowerCase(), low: `${where} ${name}`.toLowerCase() };
  }

  let entries;
  function prepare() {
    if (entries) return;
    entries = [
      ...folders.map(([path]) => entry('folder', `${lastPart(path)}/`, path, address.folder(path))),
      ...files.map(([, path]) => entry('file', lastPart(path), path, address.file(path))),
      ...rules.map(([name, found]) => entry('rule', name, found === 1 ? '1 finding' : `${found} findings`, address.rule(name))),
    ];
    // A page from a disk may fetch nothing, but it may load a script.
    const script = document.createElement('script');
    script.src = `${root}assets/items.js`;
    script.addEventListener('load', () => {
      for (const [file, name, line] of window.batonItems) {
        const path = files[file][1];
        entries.push(entry('item', name, path, `${address.file(path)}#line-${line}`));
      }
      if (document.activeElement === input) search();
    });
    document.head.append(script);
  }

  // How well an entry fits, or 0: its name as a whole, its beginning, the beginning of a word in it, any part of it,
  // and last what is only in its path.
  function rank({ kind, low, lowName }, words) {
    if (!words.every((word) => low.includes(word))) return 0;
    // A file stands for the items in it.
    if (kind === 'item' && !words.some((word) => lowName.includes(word))) return 0;
    const [first] = words;
    const at = lowName.indexOf(first);
    if (lowName === first || lowName === `${first}/` || lowName === `${first}.rs`) return 5;
    if (at === 0) return 4;
    if (at > 0 && /[^a-z0-9]/.test(lowName[at - 1])) return 3;
    return at > 0 ? 2 : 1;
  }

  function found(query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const ranked = [];
    entries.forEach((one, number) => {
      const score = rank(one, words);
      if (score) ranked.push({ one, score, number });
    });
    ranked.sort((a, b) => b.score - a.score || a.one.name.length - b.one.name.length || a.number - b.number);
    return ranked.map(({ one }) => one);
  }

  let chosen = -1;
  function choose(number) {
    const options = [...results.children];
    chosen = options.length ? (number + options.length) % options.length : -1;
    options.forEach((option, at) => option.setAttribute('aria-selected', String(at === chosen)));
    if (chosen < 0) {
      input.removeAttribute('aria-activedescendant');
      return;
    }
    input.setAttribute('aria-activedescendant', options[chosen].id);
    options[chosen].scrollIntoView({ block: 'nearest' });
  }

  function option({ kind, name, where, href }, number) {
    const link = document.createElement('a');
    link.id = `result-${number}`;
    link.href = href;
    link.tabIndex = -1;
    link.setAttribute('role', 'option');
    for (const [part, text] of Object.entries({ kind, name, where })) {
      const span = document.createElement('span');
      span.className = part;
      span.textContent = text;
      link.append(span, ' ');
    }
    link.addEventListener('click', close);
    return link;
  }

  function search() {
    const query = input.value.trim();
    const all = query ? found(query) : [];
    results.replaceChildren(...all.slice(0, MOST).map(option));
    results.hidden = all.length === 0;
    input.setAttribute('aria-expanded', String(all.length > 0));
    const more = all.length > MOST ? `, of which the first ${MOST} are shown` : '';
    status.textContent = query && !all.length ? 'Nothing has that name' : query ? `${all.length} found${more}` : '';
    status.classList.toggle('hidden', !query || all.length > 0);
    choose(0);
  }

  function close() {
    results.hidden = true;
    status.classList.add('hidden');
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }

  input.addEventListener('focus', prepare);
  input.addEventListener('input', () => {
    prepare();
    search();
  });
  input.addEventListener('keydown', (event) => {
    const isOpen = !results.hidden;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!isOpen) search();
      else choose(chosen + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Escape') {
      event.preventDefault();
      input.value = '';
      close();
      input.blur();
    }
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!results.hidden) results.children[chosen]?.click();
  });
  form.addEventListener('focusout', (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  // A press on a result must not take the focus first, because that would close the list.
  results.addEventListener('mousedown', (event) => event.preventDefault());

  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  form.hidden = false;
})();
