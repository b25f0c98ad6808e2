document.documentElement.classList.add("scripted");
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
// While somebody types, the server says the amount of the row; without this script the button does.
const fill = document.querySelector("form[data-amounts]");
if (fill) {
  const cents = new Map();
  const euro = (value) => "€ " + (value / 100).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const ask = async (field) => {
    const address = new URL(fill.dataset.amounts, window.location.href);
    address.searchParams.set("rij", field.dataset.row);
    address.searchParams.set("volume", field.value);
    const given = field.value;
    let said;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      said = await answer.json();
    } catch {
      return;
    }
    if (field.value !== given) return;
    const row = field.closest("tr");
    row.querySelector("output").textContent = said.amount || "–";
    row.querySelector(".entry-note").textContent = said.mistake || said.warning;
    if (said.mistake) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    cents.set(field.dataset.row, said.cents);
    document.getElementById("samen").textContent = euro([...cents.values()].reduce((sum, one) => sum + one, 0));
  };
  const waiting = new Map();
  for (const field of fill.querySelectorAll("input[data-row]")) {
    field.addEventListener("input", () => {
      clearTimeout(waiting.get(field));
      waiting.set(field, setTimeout(() => ask(field), 200));
    });
    if (field.value) ask(field);
  }
}
