const pixelsPerUnit = 3;

function save(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/** Saves what `stream` brings as a file. */
export async function saveText(name, type, stream) {
  save(name, new Blob([await stream.arrayBuffer()], { type }));
}

/** Saves the SVG that `stream` brings as a PNG. */
export async function savePicture(name, stream) {
  const text = new TextDecoder().decode(await stream.arrayBuffer());
  const box = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement.getAttribute('viewBox').split(' ').map(Number);
  const image = new Image(box[2], box[3]);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = box[2] * pixelsPerUnit;
  canvas.height = box[3] * pixelsPerUnit;
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  save(name, await new Promise(resolve => canvas.toBlob(resolve, 'image/png')));
}
