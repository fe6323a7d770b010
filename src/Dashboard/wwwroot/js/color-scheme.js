// Runs before the first paint, so that a page never flashes in the wrong colours. The reader's choice (light or dark) is kept in the
// browser; without one the page follows the system.
(() => {
  const key = 'slungorleans-color-scheme';
  const system = matchMedia('(prefers-color-scheme: dark)');

  function stored() {
    const value = localStorage.getItem(key);
    return value === 'light' || value === 'dark' ? value : null;
  }

  function apply() {
    const choice = stored();
    const scheme = choice ?? (system.matches ? 'dark' : 'light');
    for (const link of document.querySelectorAll('link[data-scheme]')) {
      link.media = link.dataset.scheme === scheme ? 'all' : 'not all';
    }

    document.documentElement.dataset.scheme = scheme;
    document.documentElement.style.colorScheme = scheme;
    return choice ?? 'system';
  }

  function choose(choice) {
    if (choice === 'system') {
      localStorage.removeItem(key);
    } else {
      localStorage.setItem(key, choice);
    }

    return apply();
  }

  system.addEventListener('change', apply);
  apply();
  globalThis.slungOrleansColorScheme = { current: apply, choose };
})();
