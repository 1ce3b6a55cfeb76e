// Finds on a page what a reader would point at. It is evaluated by the browser's
// driver, and answers with a point in the window or with what is the matter.
((verb, label, value) => {
  const words = (s) => (s || "").replace(/\s+/g, " ").trim();
  const root = [...document.querySelectorAll("dialog[open]")].pop() || document;
  const shown = (e) => e.checkVisibility({ visibilityProperty: true });
  // hidden from view, but there for the keyboard: nobody points at it
  const pointed = (e) => shown(e) && !e.closest(".visually-hidden");
  const named = (e) => words(e.getAttribute("aria-label") || e.innerText);
  const pick = (list, name) => list.find((e) => name(e) === label) || list.find((e) => name(e).startsWith(label) && !/^[\p{L}\d]/u.test(name(e).slice(label.length)));

  const point = (e) => {
    e.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const box = e.getClientRects()[0];
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const top = document.elementFromPoint(x, y);
    if (!top || !(e.contains(top) || top.contains(e))) return { trouble: "it lies under " + (top ? top.outerHTML.slice(0, 120) : "nothing") };
    return { x, y };
  };
  const labelled = () => {
    const bare = (l) => { const c = l.cloneNode(true); c.querySelectorAll("input, select, textarea, .optional, .hint, small").forEach((n) => n.remove()); return words(c.textContent); };
    const controls = [...root.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(shown);
    const name = (e) => words(e.getAttribute("aria-label")) || [...(e.labels || [])].map(bare).join(" ");
    return pick(controls, name);
  };

  switch (verb) {
  case "click": {
    const all = [...root.querySelectorAll("a[href], button, summary, [role=button], [role=option], [role=tab]")].filter(pointed);
    const e = pick(all, named);
    if (!e) return { trouble: "it is not there" };
    return e.disabled ? { trouble: "it is disabled" } : point(e);
  }
  case "has":
    return { yes: !!pick([...root.querySelectorAll("a[href], button, summary")].filter(pointed), named) };
  case "focus": {
    const e = labelled();
    if (!e) return { trouble: "it is not there" };
    e.scrollIntoView({ block: "center", behavior: "instant" });
    e.focus();
    if (e.select) e.select();
    return {};
  }
  case "choose": {
    const e = labelled();
    if (!e) return { trouble: "it is not there" };
    const option = [...e.options].find((o) => words(o.label) === value || o.value === value);
    if (!option) return { trouble: "it offers " + [...e.options].map((o) => words(o.label)).join(", ") };
    e.focus();
    option.selected = true;
    e.dispatchEvent(new Event("input", { bubbles: true }));
    e.dispatchEvent(new Event("change", { bubbles: true }));
    return {};
  }
  case "tick": {
    const e = labelled();
    if (!e) return { trouble: "it is not there" };
    return e.checked ? { yes: true } : point((e.labels && e.labels[0]) || e);
  }
  case "value": {
    const e = labelled();
    return e ? { text: e.value } : { trouble: "it is not there" };
  }
  case "error": { // what is said to be wrong with a field
    const e = labelled();
    if (!e) return { trouble: "it is not there" };
    const ids = (e.getAttribute("aria-describedby") || "").split(/\s+/).filter((id) => id.endsWith("-error"));
    return { text: ids.map((id) => words(document.getElementById(id).innerText)).join(" ") };
  }
  }
})
