// Rows that can be added and removed. Without script the same buttons send the
// form, and the server adds or removes the row.
//
//   <div data-rows>
//     <div data-row>... <button name="remove" value="0" data-row-remove></div>
//     <template data-row-template>the row, with __N__ where its number goes</template>
//     <button name="add" value="x" data-row-add>
//   </div>
(() => {
  let next = 1000; // beyond the numbers that the server gives
  const number = (row, n) => {
    for (const e of row.querySelectorAll("*")) {
      for (const a of [...e.attributes]) {
        if (a.value.includes("__N__")) e.setAttribute(a.name, a.value.replaceAll("__N__", n));
      }
    }
  };
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-row-add]");
    const remove = event.target.closest("[data-row-remove]");
    if (!add && !remove) return;
    const rows = (add || remove).closest("[data-rows]");
    if (!rows) return;
    event.preventDefault();
    if (remove) {
      const row = remove.closest("[data-row]");
      const beside = row.previousElementSibling || rows.querySelector("[data-row-add]");
      row.remove();
      (beside.querySelector("input, select, button") || beside).focus();
    } else {
      const template = rows.querySelector("template[data-row-template]");
      const row = template.content.firstElementChild.cloneNode(true);
      number(row, next++);
      template.before(row);
      row.dispatchEvent(new CustomEvent("tokenward:added", { bubbles: true }));
      (row.querySelector("input, select") || row).focus();
    }
    rows.dispatchEvent(new CustomEvent("tokenward:rows", { bubbles: true }));
  });
})();
