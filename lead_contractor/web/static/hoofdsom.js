// What is current is in view in a row that scrolls sideways; the page itself does not move.
function showCurrent(row) {
  const current = row.querySelector("[aria-current]");
  if (current === null || row.scrollWidth <= row.clientWidth) return;
  const place = row.getBoundingClientRect(), own = current.getBoundingClientRect();
  row.scrollLeft += own.left - place.left - (row.clientWidth - own.width) / 2;
}
for (const row of document.querySelectorAll(".bar-links ul, .chooser ul")) showCurrent(row);

// The account menu closes with Escape or a click beside it; without this script it still opens and closes.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
