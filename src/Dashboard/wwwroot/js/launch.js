// Hands a text to the browser as a file.
export function download(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/yaml' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
