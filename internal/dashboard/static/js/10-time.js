// Times are written in UTC by the server, and here again in the reader's zone.
"use strict";
(() => {
  const forms = {
    datetime: new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }),
    date: new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }),
  };
  const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
  const write = (root) => {
    for (const e of root.querySelectorAll("time[data-local]")) {
      const at = new Date(e.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      e.textContent = (forms[e.dataset.local] || forms.datetime).format(at);
      e.title = full.format(at);
    }
  };
  write(document);
  document.addEventListener("tokenward:added", (event) => write(event.target));
})();
