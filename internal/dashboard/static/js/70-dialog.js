// A link with data-dialog shows the page it leads to over this one. What is
// shown is the page's <main>; without script, or when anything goes wrong, the
// link is followed.
(() => {
  if (!window.HTMLDialogElement) return;
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href, { redirect: "error" });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const dialog = document.createElement("dialog");
      dialog.append(...document.importNode(page.querySelector("main"), true).childNodes);
      const heading = dialog.querySelector("h1");
      heading.id = "dialog-title";
      dialog.setAttribute("aria-labelledby", heading.id);
      dialog.addEventListener("click", (e) => {
        if (e.target === dialog || e.target.closest("[data-dialog-close]")) { e.preventDefault(); dialog.close(); }
      });
      dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
      document.body.append(dialog);
      dialog.showModal();
      dialog.dispatchEvent(new CustomEvent("tokenward:added", { bubbles: true }));
    } catch {
      location.href = link.href;
    }
  });
})();
