// The token wizard, made pleasant. Every button works without this file: then the
// server answers the whole page. Here the same answers are fetched, and the parts
// that changed are put into the page.
"use strict";
(() => {
  const form = document.querySelector("[data-wizard]");
  if (!form) return;
  const added = (e) => e.dispatchEvent(new CustomEvent("tokenward:added", { bubbles: true }));

  // Each answer takes the place of those before it that are still on their way.
  let latest = 0;
  const ask = async (button) => {
    const mine = ++latest;
    const body = new URLSearchParams(new FormData(form, button || undefined));
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-wizard]");
    if (!fresh) throw new Error("no form");
    return mine === latest ? fresh : null;
  };

  // A button that adds or removes a row. When anything goes wrong the form is
  // sent as it would be without script.
  const press = async (button) => {
    try {
      const fresh = await ask(button);
      if (!fresh) return;
      form.replaceChildren(...document.importNode(fresh, true).childNodes);
      added(form);
      const next = form.querySelector("[autofocus]");
      if (next) (next.dataset.pickSelect === undefined ? next : form.querySelector("[role=combobox]") || next).focus();
    } catch {
      button.removeAttribute("data-rows-button");
      form.requestSubmit(button);
    }
  };
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || !button.hasAttribute("data-rows-button")) return;
    event.preventDefault();
    press(button);
  });

  // What stands in a data-live is brought up to date while the reader types.
  let timer = 0;
  const update = async () => {
    try {
      const fresh = await ask(null);
      if (!fresh) return;
      for (const part of form.querySelectorAll("[data-live]")) {
        const now = fresh.querySelector("#" + CSS.escape(part.id));
        if (!now || now.innerHTML === part.dataset.was) continue;
        const open = [...part.querySelectorAll("details[open]")].map((d) => d.id);
        part.dataset.was = now.innerHTML;
        part.replaceChildren(...document.importNode(now, true).childNodes);
        for (const id of open) document.getElementById(id)?.setAttribute("open", "");
        added(part);
      }
    } catch { /* the next change asks again, and the button is still there */ }
  };
  const soon = (event) => {
    if (event.target.closest("[data-pick]")) return;
    clearTimeout(timer);
    timer = setTimeout(update, 350);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", (event) => {
    // A zone that was named exactly becomes the row's zone.
    const find = event.target.closest("[data-find]");
    if (find && [...find.list.options].some((o) => o.value === find.value)) {
      const button = find.parentElement.querySelector("[data-find-button]");
      button.setAttribute("data-rows-button", "");
      press(button);
      return;
    }
    soon(event);
  });

  const enhance = () => {
    for (const b of form.querySelectorAll("[data-preview-button]")) b.hidden = true;
    zone();
    for (const box of form.querySelectorAll("[data-pick]:not([data-ready])")) pick(box);
  };

  // The reader's time zone, unless one was chosen.
  const zone = () => {
    const select = form.querySelector("[data-time-zone]");
    const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!select || !mine) return;
    if (![...select.options].some((o) => o.value === mine)) select.add(new Option(mine.replaceAll("_", " "), mine));
    if (form.hasAttribute("data-fresh") && select.value !== mine) {
      form.removeAttribute("data-fresh");
      select.value = mine;
      update();
    }
  };

  // The permissions as a combobox that searches names and descriptions (WAI-ARIA
  // combobox with a list of options).
  let permissions = null;
  const load = async (path) => {
    permissions ||= fetch(path).then((a) => { if (!a.ok) throw new Error(String(a.status)); return a.json(); });
    try { return await permissions; } catch (e) { permissions = null; throw e; }
  };
  const matching = (all, text) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const rank = (p) => {
      const name = p.name.toLowerCase();
      if (!words.length || name.startsWith(words[0]) || p.key === words[0]) return 0;
      return name.includes(words[0]) ? 1 : 2;
    };
    return all.filter((p) => {
      const within = [p.name, p.key, p.scope, p.category, p.levels, p.text].join("\n").toLowerCase();
      return words.every((w) => within.includes(w));
    }).map((p) => [rank(p), p]).sort((a, b) => a[0] - b[0]).map((x) => x[1]);
  };
  const most = 60;

  const pick = (box) => {
    box.setAttribute("data-ready", "");
    const select = box.querySelector("[data-pick-select]");
    const add = box.querySelector("[data-pick-add]");
    const label = box.querySelector(`label[for="${select.id}"]`);
    const holder = document.createElement("div");
    holder.className = "pick-box";
    const input = document.createElement("input");
    const list = document.createElement("ul");
    const told = document.createElement("p");
    Object.assign(input, { id: "pick-input", type: "text", autocomplete: "off", placeholder: "Search by name or by what it does" });
    for (const [k, v] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "pick-list", "aria-autocomplete": "list", autocapitalize: "none", spellcheck: "false" })) input.setAttribute(k, v);
    Object.assign(list, { id: "pick-list", className: "pick-list", hidden: true });
    list.setAttribute("role", "listbox");
    list.tabIndex = -1; // it scrolls, and would be a stop of the keyboard
    list.setAttribute("aria-label", "Permissions");
    told.className = "visually-hidden";
    told.setAttribute("role", "status");
    holder.append(input, list, told);
    label.htmlFor = input.id;
    label.after(holder);
    select.parentElement.hidden = true;
    box.querySelector("[data-pick-search]").hidden = true;
    for (const e of box.querySelectorAll("[data-pick-search] input")) e.disabled = true;
    let shown = [], at = -1;

    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (n) => {
      at = shown.length ? (n + shown.length) % shown.length : -1;
      for (const [i, e] of [...list.children].entries()) e.setAttribute("aria-selected", String(i === at));
      if (at < 0) { input.removeAttribute("aria-activedescendant"); return; }
      input.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    };
    const open = async () => {
      let all;
      try { all = await load(box.dataset.pick); } catch { plain(); return; }
      if (document.activeElement !== input) return;
      const found = matching(all, input.value);
      shown = found.slice(0, most);
      list.replaceChildren(...shown.map((p, i) => {
        const li = document.createElement("li");
        li.id = "pick-" + i;
        li.setAttribute("role", "option");
        const name = document.createElement("b"), scope = document.createElement("span"), text = document.createElement("small");
        name.textContent = p.name;
        scope.className = "soft small-text";
        scope.textContent = ` ${p.scope} · ${p.levels}`;
        text.textContent = p.text;
        li.append(name, scope, text);
        return li;
      }));
      list.hidden = !shown.length;
      input.setAttribute("aria-expanded", String(!!shown.length));
      told.textContent = found.length > most ? `${found.length} permissions, the first ${most} are listed` : found.length === 1 ? "1 permission" : `${found.length} permissions`;
      mark(input.value ? 0 : -1);
    };
    // Without the data the list of the page itself does.
    const plain = () => {
      close();
      holder.remove();
      label.htmlFor = select.id;
      select.parentElement.hidden = false;
      select.focus();
    };
    const take = (n) => {
      select.value = shown[n].key;
      if (!select.value) select.add(new Option(shown[n].name, shown[n].key, true, true));
      close();
      input.value = "";
      press(add);
    };
    input.addEventListener("focus", open);
    input.addEventListener("click", () => { if (list.hidden) open(); });
    input.addEventListener("input", open);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const key = event.key;
      if (key === "Enter") event.preventDefault();
      if (key === "ArrowDown" || key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) open();
        else mark(key === "ArrowDown" ? at + 1 : at < 0 ? shown.length - 1 : at - 1);
      } else if (key === "Enter" && at >= 0) take(at);
      else if (key === "Escape" && !list.hidden) { event.stopPropagation(); close(); }
    });
    input.addEventListener("keypress", (event) => { if (event.key === "Enter") event.preventDefault(); });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the field keeps the focus
      const li = event.target.closest("li");
      if (li) take([...list.children].indexOf(li));
    });
  };

  enhance();
  form.addEventListener("tokenward:added", (event) => { if (event.target === form) enhance(); });
  const problems = document.getElementById("problems");
  if (problems) problems.focus();
})();
