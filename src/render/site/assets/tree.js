// The tree of folders and files beside each page. What is in a folder is built when it is opened, so that large
// projects cost nothing.
(() => {
  'use strict';
  const { folders, files } = window.batonPages;
  const { root, about } = document.documentElement.dataset;
  const nav = document.getElementById('tree');
  const menu = document.getElementById('menu');

  // A path as a part of an address; the pages of the site are called the same way.
  const encoded = (path) =>
    path
      .split('/')
      .map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`))
      .join('/');
  const folderAddress = (path) => (path === '.' ? `${root}code/index.html` : `${root}code/${encoded(path)}/index.html`);
  const fileAddress = (path) => `${root}code/${encoded(path)}.html`;
  window.batonAddress = { folder: folderAddress, file: fileAddress, rule: (name) => `${root}rules/${encoded(name)}.html` };

  // Each folder with its name as seen from the folder around it, and what is in it.
  const nodes = folders.map(([path, found, denied]) => ({ path, found, denied, folders: [], files: [] }));
  const byPath = new Map(nodes.map((node) => [node.path, node]));

  function around(path) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const node = byPath.get(path.slice(0, end));
      if (node) return node;
    }
    return path === '.' ? undefined : byPath.get('.');
  }

  const inside = (path, node) => (node && node.path !== '.' ? path.slice(node.path.length + 1) : path);

  const top = { folders: [], files: [] };
  for (const node of nodes) {
    const outer = around(node.path);
    node.name = inside(node.path, outer);
    (outer ?? top).folders.push(node);
  }
  for (const [folder, path, , found, denied] of files) {
    const outer = nodes[folder];
    (outer ?? top).files.push({ path, name: inside(path, outer), found, denied });
  }

  function link(address, name, { path, found, denied }) {
    const anchor = document.createElement('a');
    anchor.href = address;
    // Long names break between their words.
    for (const part of name.split(/(?<=[_/-])/)) anchor.append(part, document.createElement('wbr'));
    if (path === about) anchor.setAttribute('aria-current', 'page');
    if (found) {
      const count = document.createElement('span');
      count.className = denied ? 'count deny' : 'count warn';
      count.textContent = found;
      count.title = found === 1 ? '1 finding' : `${found} findings`;
      anchor.append(' ', count);
    }
    return anchor;
  }

  function list(node) {
    const items = document.createElement('ul');
    for (const folder of node.folders) items.append(folderItem(folder));
    for (const file of node.files) {
      const item = document.createElement('li');
      item.append(link(fileAddress(file.path), file.name, file));
      items.append(item);
    }
    return items;
  }

  const holdsThisPage = (path) => about === path || path === '.' || about.startsWith(`${path}/`);
  const isAlone = (folder) => top.folders.length === 1 && top.folders[0] === folder;

  function folderItem(folder) {
    const item = document.createElement('li');
    const opener = document.createElement('button');
    opener.type = 'button';
    opener.className = 'opener';
    let inner;
    const show = (isOpen) => {
      if (isOpen && !inner) {
        inner = list(folder);
        item.append(inner);
      }
      if (inner) inner.hidden = !isOpen;
      opener.setAttribute('aria-expanded', String(isOpen));
      opener.setAttribute('aria-label', `${isOpen ? 'Close' : 'Open'} ${folder.path}`);
    };
    opener.addEventListener('click', () => show(opener.getAttribute('aria-expanded') !== 'true'));
    item.append(opener, link(folderAddress(folder.path), `${folder.name}/`, folder));
    show(holdsThisPage(folder.path) || isAlone(folder));
    return item;
  }

  nav.append(list(top));
  nav.hidden = false;
  document.documentElement.classList.add('with-tree');
  // Only the tree is scrolled: the page stays where its address says.
  const current = nav.querySelector('[aria-current]');
  if (current) nav.scrollTop = current.offsetTop - nav.clientHeight / 2;

  // On narrow screens the tree opens over the page.
  const setOpen = (isOpen) => {
    nav.classList.toggle('open', isOpen);
    menu.setAttribute('aria-expanded', String(isOpen));
  };
  menu.hidden = false;
  menu.addEventListener('click', () => {
    const isOpen = menu.getAttribute('aria-expanded') !== 'true';
    setOpen(isOpen);
    if (isOpen) nav.querySelector('[aria-current], a')?.focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && nav.classList.contains('open')) {
      setOpen(false);
      menu.focus();
    }
  });
})();
