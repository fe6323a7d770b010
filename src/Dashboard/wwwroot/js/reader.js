// How the person before this browser wants to read times and metrics. Kept in the browser.
const key = 'slungorleans-reader';

function stored() {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

export function current() {
  const { zone, digits } = stored();
  return {
    browser: Intl.DateTimeFormat().resolvedOptions().timeZone ?? '',
    zone: typeof zone === 'string' ? zone : null,
    digits: Number.isInteger(digits) ? digits : 0,
  };
}

export function choose(zone, digits) {
  localStorage.setItem(key, JSON.stringify({ zone, digits }));
  return current();
}
