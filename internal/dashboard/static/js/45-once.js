// A form that is carried out once is sent once: the second of two clicks would
// come back without the secret that the first one asked for.
(() => {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.querySelector("input[name=once]")) return;
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "");
    setTimeout(() => form.removeAttribute("data-sent"), 5000);
  });
})();
