// The address that the lab prints carries the token behind '#', which browsers neither send nor write to logs. It is taken out of the
// history at once.
(() => {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!token) {
    return;
  }

  history.replaceState(null, '', location.pathname + location.search);
  document.getElementById('token').value = token;
  document.getElementById('sign-in').requestSubmit();
})();
