// The page tries for as long as it is open: at once, then ever more seldom, at least every five seconds.
(() => {
  const longestPause = 5000;
  const banner = document.getElementById('components-reconnect-modal');
  const pause = () => new Promise(resume => setTimeout(resume, 1000));
  const answers = () => fetch(location.href, { cache: 'no-store' }).then(() => true, () => false);

  // A lab that was started again answers, but does not know the page any more: a new one is made at the same address.
  async function makeAnew() {
    while (!await answers()) {
      await pause();
    }

    location.reload();
  }

  new MutationObserver((_, observer) => {
    if (banner.classList.contains('components-reconnect-rejected')) {
      observer.disconnect();
      makeAnew();
    }
  }).observe(banner, { attributes: true, attributeFilter: ['class'] });

  globalThis.slungOrleansAddress = () => location.href;

  Blazor.start({
    circuit: {
      reconnectionOptions: {
        maxRetries: Number.MAX_SAFE_INTEGER,
        retryIntervalMilliseconds: attempt => Math.min(250 * 2 ** Math.min(attempt, 10), longestPause),
      },
    },
  });
})();
