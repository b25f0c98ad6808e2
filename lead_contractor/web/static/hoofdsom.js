// What is current is in view in a row that scrolls sideways; the page itself does not move.
function showCurrent(row) {
  const current = row.querySelector("[aria-current]");
  if (current === null || row.scrollWidth <= row.clientWidth) return;
  const place = row.getBoundingClientRect(), own = current.getBoundingClientRect();
  row.scrollLeft += own.left - place.left - (row.clientWidth - own.width) / 2;
}
for (const row of document.querySelectorAll(".bar-links ul, .chooser ul")) showCurrent(row);

// An amount or a share stays on one line with its mark, also in what is drawn later.
const LOOSE = /€ (?=[-+\d])|(?<=\d) (?=%|mln\b|dzd\b)/g;
function keepWhole(root) {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const whole = text.data.replace(LOOSE, (mark) => mark.replace(" ", "\u00a0"));
    if (whole !== text.data) text.data = whole;
  }
}
const main = document.querySelector("main");
if (main !== null) {
  keepWhole(main);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) keepWhole(node.parentNode || node);
  }).observe(main, { childList: true, subtree: true });
}

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
