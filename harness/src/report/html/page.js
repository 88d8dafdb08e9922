
"use strict";
(() => {
  const filter = document.querySelector(".filter");
  const search = filter.querySelector("input[type=search]");
  const boxes = [...filter.querySelectorAll("input[type=checkbox]")];
  const families = [...document.querySelectorAll(".family")];
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    for (const family of families) {
      let shown = 0;
      for (const row of family.querySelectorAll("tr[data-verdict]")) {
        const text = row.textContent.toLowerCase();
        row.hidden = !verdicts.has(row.dataset.verdict) || !words.every((word) => text.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      family.hidden = shown === 0;
    }
  };
  filter.hidden = false;
  filter.addEventListener("input", apply);
  // Paper has nothing to click on.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(".card details:not([open]), .skip:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
})();
