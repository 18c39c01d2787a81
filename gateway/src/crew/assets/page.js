// Adds the position to what the crew reports, makes photographs small enough for a slow line, and keeps an impatient thumb from
// reporting twice. Without this script the form works all the same.
const MAX_SIDE = 2560;
const SMALL_BYTES = 1_500_000;
/** A telephone that cannot do it in this time sends what it has. */
const SHRINK_MS = 20_000;

navigator.geolocation?.getCurrentPosition(({ coords }) => {
  for (const form of document.forms) {
    form.elements.latitude.value = coords.latitude;
    form.elements.longitude.value = coords.longitude;
    form.elements.accuracy.value = coords.accuracy;
  }
});

for (const form of document.forms) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    for (const button of form.querySelectorAll('button')) button.disabled = true;
    document.getElementById('sending').hidden = false;
    const input = form.elements.photo;
    if (input) await Promise.race([shrinkAll(input), later(SHRINK_MS)]).catch(() => {});
    form.submit();
  });
}

// Whoever comes back to the page finds its buttons again.
addEventListener('pageshow', () => {
  document.getElementById('sending').hidden = true;
  for (const button of document.querySelectorAll('button')) button.disabled = false;
});

async function shrinkAll(input) {
  const small = new DataTransfer();
  for (const file of input.files) small.items.add(await shrink(file));
  input.files = small.files;
}

/** What this browser cannot read, such as HEIC on most, goes as it is; the gateway says what it makes of it. */
async function shrink(file) {
  try {
    const whole = await createImageBitmap(file);
    const scale = Math.min(1, MAX_SIDE / Math.max(whole.width, whole.height));
    if (scale === 1 && file.size <= SMALL_BYTES && file.type === 'image/jpeg') return file;
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(whole.width * scale);
    canvas.height = Math.round(whole.height * scale);
    canvas.getContext('2d').drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
    if (blob === null || blob.size >= file.size) return file;
    return new File([blob], 'photo.jpg', { type: 'image/jpeg' });
  } catch {
    return file;
  }
}

function later(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
