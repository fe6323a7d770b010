const scrollTo = window.scrollTo;
const longestWait = 2000;

/** Blazor scrolls to the top whenever the address changes; after a choice made far down a page, the reader stays where he is. */
export function keepPlace() {
  const restore = () => { window.scrollTo = scrollTo; };
  window.scrollTo = restore;
  setTimeout(restore, longestWait);
}
