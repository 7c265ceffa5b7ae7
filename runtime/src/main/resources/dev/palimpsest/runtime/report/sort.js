document.documentElement.classList.add("scripted");
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const heads = Array.from(table.tHead.rows[0].cells);
  // A row without a heading belongs to the row before it.
  const groups = () => Array.from(body.rows).reduce((all, row) => {
    if (row.cells[0].tagName === "TH" || all.length === 0) { all.push([]); }
    all[all.length - 1].push(row);
    return all;
  }, []);
  const key = (group, column) => {
    const cell = group[0].cells[column];
    const text = cell === undefined ? "" : cell.dataset.value || cell.textContent.trim();
    const number = Number(text.replace("\u2212", "-"));
    return text === "" || text === "\u2013" ? { missing: true } : { number: number, text: text };
  };
  const order = (one, other) => {
    const numbers = [one.number, other.number].every(Number.isFinite);
    return numbers ? one.number - other.number : one.text.localeCompare(other.text);
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      heads.forEach(each => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
      const sorted = groups().map(group => ({ group: group, key: key(group, column) }));
      const known = sorted.filter(each => !each.key.missing).sort((a, b) => direction * order(a.key, b.key));
      const unknown = sorted.filter(each => each.key.missing);
      for (const each of known.concat(unknown)) { body.append(...each.group); }
    });
  });
}
