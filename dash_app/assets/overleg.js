/* Two comforts of the page of the meeting; without them everything can be reached as well.
   The arrow keys go on and back in the agenda; a field above a table narrows it down. */
(function () {
  "use strict";

  const KEYS = { ArrowRight: "agenda-next", PageDown: "agenda-next", ArrowLeft: "agenda-previous", PageUp: "agenda-previous", Escape: "agenda-end" };

  document.addEventListener("keydown", function (event) {
    const typing = event.target.closest("input, textarea, select, [contenteditable], .scroll");
    if (typing || event.altKey || event.ctrlKey || event.metaKey || !(event.key in KEYS)) return;
    const link = document.getElementById(KEYS[event.key]);
    if (link === null) return;
    event.preventDefault();
    link.click();
  });

  function narrow(field) {
    const section = field.closest("section");
    const wanted = field.value.trim().toLowerCase();
    let found = 0;
    for (const row of section.querySelectorAll("tbody tr[data-row]")) {
      row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
      if (!row.hidden) found += 1;
    }
    const place = field.closest(".narrow-down");
    place.querySelector("[role=status]").textContent = found === 0 ? place.dataset.none : "";
  }

  function furnish(place) {
    const label = document.createElement("label");
    const field = document.createElement("input");
    field.type = "search";
    field.className = "form-control";
    label.append(place.dataset.label, field);
    field.addEventListener("input", function () { narrow(field); });
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    place.append(label, said);
  }

  /* A piece that is only read comes as one component with the tree below it, see still.py. */
  const NAMES = { className: "class", colSpan: "colspan", rowSpan: "rowspan", htmlFor: "for", tabIndex: "tabindex" };

  function elements(node) {
    if (node === null || node === undefined || typeof node === "boolean") return [];
    if (Array.isArray(node)) return node.flatMap(elements);
    if (typeof node !== "object") return [document.createTextNode(String(node))];
    const made = document.createElement(node.type.toLowerCase());
    for (const [name, value] of Object.entries(node.props)) {
      if (name === "children") made.append(...elements(value));
      else if (value === true) made.setAttribute(name, "");
      else if (value !== null && value !== false) made.setAttribute(NAMES[name] || name, value);
    }
    return [made];
  }

  function drawStill(place) {
    if (place.drawnStill === place.dataset.still) return;
    place.drawnStill = place.dataset.still;
    place.replaceChildren(...elements(JSON.parse(place.dataset.still)));
    const field = place.closest("section")?.querySelector(".narrow-down input");
    if (field) narrow(field);  /* what was searched for still holds in the newer table */
  }

  let chose = false;
  document.addEventListener("click", function (event) {
    if (event.target.closest(".chooser a")) chose = true;
  });

  /* The month that is looked at is in view in a row that scrolls sideways; the page itself does not move. */
  function showCurrent(row) {
    const current = row.querySelector("[aria-current]");
    if (current === null || row.shownCurrent === current) return;
    row.shownCurrent = current;
    if (chose && document.activeElement === document.body) {  /* the link that was chosen is gone: stay where it was */
      current.tabIndex = -1;
      current.focus({ preventScroll: true });
    }
    chose = false;
    if (row.scrollWidth <= row.clientWidth) return;
    const place = row.getBoundingClientRect(), own = current.getBoundingClientRect();
    row.scrollLeft += own.left - place.left - (row.clientWidth - own.width) / 2;
  }

  new MutationObserver(function () {
    for (const row of document.querySelectorAll(".chooser ul")) showCurrent(row);
    for (const place of document.querySelectorAll("[data-still]")) drawStill(place);
    for (const place of document.querySelectorAll(".narrow-down:empty")) furnish(place);
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-still"] });
})();
