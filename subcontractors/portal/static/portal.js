// Drop a file anywhere on the zone; without this script the file field and its button do the same.
const zone = document.getElementById("neerzetten");
if (zone) {
  const field = zone.querySelector("input[type=file]");
  const name = zone.querySelector(".drop-name");
  const button = zone.querySelector("button[type=submit]");
  const tooLarge = document.getElementById("te-groot");
  zone.classList.add("enhanced");
  zone.querySelector(".drop-here").hidden = false;
  const fits = () => {
    const file = field.files[0];
    const large = Boolean(file) && file.size > Number(zone.dataset.limit);
    tooLarge.hidden = !large;
    name.hidden = !file;
    name.textContent = file ? file.name : "";
    button.hidden = !file || large;
    return Boolean(file) && !large;
  };
  fits();
  window.addEventListener("pageshow", fits);
  field.addEventListener("change", fits);
  zone.addEventListener("submit", (event) => {
    if (!fits()) event.preventDefault();
  });
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    zone.addEventListener(kind, () => zone.classList.remove("over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    if (fits()) zone.requestSubmit();
  });
}
// A button that was pressed says so and is not pressed twice; coming back by the browser's history undoes that.
for (const form of document.querySelectorAll("form:has(button[data-busy])")) {
  const button = form.querySelector("button[data-busy]");
  const words = button.textContent;
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    button.textContent = button.dataset.busy;
    button.setAttribute("aria-disabled", "true");
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    button.textContent = words;
    button.removeAttribute("aria-disabled");
    delete form.dataset.sent;
  });
}
