// A long list of things to tick gets a field that narrows it down. What is
// ticked stays in sight.
(() => {
  for (const list of document.querySelectorAll("[data-filter-list]")) {
    const box = list.querySelector(".picks");
    const input = document.createElement("input");
    input.type = "search";
    input.className = "picks-filter";
    input.placeholder = "Find a role";
    input.setAttribute("aria-label", "Find a role");
    input.addEventListener("input", () => {
      const want = input.value.trim().toLowerCase();
      for (const item of box.querySelectorAll("[data-filter-item]")) {
        item.hidden = !item.textContent.toLowerCase().includes(want) && !item.querySelector("input").checked;
      }
    });
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    box.before(input);
  }
})();
// Of the parts of a form only the one is shown that the reader chose.
(() => {
  for (const choice of document.querySelectorAll("[data-parts]")) {
    const form = choice.closest("form");
    const show = () => {
      const on = form.querySelector(`input[name="${choice.dataset.parts}"]:checked`);
      for (const part of form.querySelectorAll("[data-part]")) part.hidden = !on || part.dataset.part !== on.value;
    };
    choice.addEventListener("change", show);
    show();
  }
})();
// A file is read into a field, so that the form is one like any other.
(() => {
  for (const box of document.querySelectorAll("[data-file-into]")) {
    const into = document.getElementById(box.dataset.fileInto);
    box.hidden = false;
    box.querySelector("input").addEventListener("change", async (event) => {
      const file = event.target.files[0];
      if (file) into.value = await file.text();
    });
  }
})();
// Another type of record asks the server for its form at once.
(() => {
  const button = document.querySelector("[data-retype]");
  if (!button) return;
  button.classList.add("visually-hidden");
  button.tabIndex = -1;
  button.form.elements.type.addEventListener("change", () => button.form.requestSubmit(button));
})();
