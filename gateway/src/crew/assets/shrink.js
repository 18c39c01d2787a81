// Makes a photograph small enough for a slow line, the right way up, and without what its file tells of the place and the telephone:
// only what is drawn is encoded anew.
const MAX_SIDE = 2560;
const QUALITY = 0.8;
/** A telephone that cannot do it in this time sends what it has. */
const SHRINK_MS = 20000;

/** What this browser cannot read, such as HEIC on most, comes back as it is; the gateway says what it makes of it. */
export function shrink(file) {
  const late = new Promise((resolve) => setTimeout(() => resolve(file), SHRINK_MS));
  return Promise.race([drawn(file).catch(() => file), late]);
}

async function drawn(file) {
  const address = URL.createObjectURL(file);
  try {
    const picture = await load(address);
    const scale = Math.min(1, MAX_SIDE / Math.max(picture.naturalWidth, picture.naturalHeight));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(picture.naturalWidth * scale);
    canvas.height = Math.round(picture.naturalHeight * scale);
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    return blob || file;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** An img element is drawn as its EXIF says it lies, in every browser that has modules. */
function load(address) {
  return new Promise((resolve, reject) => {
    const picture = new Image();
    picture.onload = () => resolve(picture);
    picture.onerror = reject;
    picture.src = address;
  });
}
