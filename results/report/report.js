/* What a report can do beyond standing still: tables that fold, documents that can be saved. All
 * that is said is said without it too. */
"use strict";

(function () {
  /* Tables of figures that have a picture fold away on a screen, and are there on paper. */
  function foldTables() {
    const tables = [...document.querySelectorAll("figure details.figures")].filter((table) =>
      table.closest("figure").querySelector(".chart, .forest, .order"));
    const fold = (isOpen) => tables.forEach((table) => {
      table.open = isOpen;
    });
    fold(false);
    window.addEventListener("beforeprint", () => fold(true));
    window.addEventListener("afterprint", () => fold(false));
  }

  function save(button) {
    const text = document.getElementById(button.dataset.document).textContent;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000); /* some begin to save later */
  }

  document.querySelectorAll("button[data-document]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => save(button));
  });
  foldTables();
}());
