/* Radios and boxes of Dash are native inputs inside labels, but say that they are options of a nameless list box.
   Screen readers are told what they are: a group, named by its legend, of radios or boxes. */
(function () {
  "use strict";
  function mend() {
    document.querySelectorAll(".dash-options-list[role=listbox]").forEach(function (list) {
      list.removeAttribute("role");
    });
    document.querySelectorAll(".dash-options-list-option[role], .dash-options-list-option[aria-selected]").forEach(
      function (label) {
        label.removeAttribute("role");
        label.removeAttribute("aria-selected");
      }
    );
  }
  new MutationObserver(mend).observe(document.documentElement, {
    attributeFilter: ["role", "aria-selected"],
    attributes: true,
    childList: true,
    subtree: true,
  });
})();
