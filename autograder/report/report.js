// Headings of marked tables become buttons that sort; without a script they are text.
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = (row) => row.cells[at].dataset.value ?? row.cells[at].textContent;
      const compare = (a, b) =>
        value(a).localeCompare(value(b), undefined, { numeric: true });
      const rows = [...body.rows].sort((a, b) => (down ? -1 : 1) * compare(a, b));
      body.append(...rows);
    });
  });
}
