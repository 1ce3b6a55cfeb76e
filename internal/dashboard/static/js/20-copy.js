// Copies what stands in a [data-copy]. The button is there only where that works.
(() => {
  if (!navigator.clipboard) return;
  const show = (root) => {
    for (const b of root.querySelectorAll("[data-copy-button]")) b.hidden = false;
  };
  show(document);
  document.addEventListener("tokenward:added", (event) => show(event.target));
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-button]");
    if (!button) return;
    const label = button.querySelector("[data-copy-label]");
    const before = label.textContent;
    try {
      await navigator.clipboard.writeText(button.closest("[data-copy]").querySelector("code").textContent);
      label.textContent = "Copied";
    } catch {
      label.textContent = "Could not copy";
    }
    button.setAttribute("aria-live", "polite");
    setTimeout(() => { label.textContent = before; }, 2000);
  });
})();
