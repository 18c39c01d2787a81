// Adds the position to what the crew reports, if the device gives it, and keeps an impatient thumb from reporting twice.
navigator.geolocation?.getCurrentPosition(({ coords }) => {
  for (const form of document.forms) {
    form.elements.latitude.value = coords.latitude;
    form.elements.longitude.value = coords.longitude;
    form.elements.accuracy.value = coords.accuracy;
  }
});
for (const form of document.forms) {
  form.addEventListener('submit', () => {
    for (const button of form.querySelectorAll('button')) button.disabled = true;
  });
}
