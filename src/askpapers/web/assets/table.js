// Survey tables: sorted by a column, shown a page at a time.
function sortTable(button) {
  const table = button.closest("table");
  const head = button.closest("th");
  const column = [...head.parentNode.children].indexOf(head);
  const down = head.getAttribute("aria-sort") === "ascending";
  const sign = down ? -1 : 1;
  const number = button.dataset.kind === "number";
  const value = (row) => row.children[column].dataset.value;
  const amount = (row) => parseFloat((value(row).match(/-?[\d,]*\.?\d+/) || ["-Infinity"])[0].replaceAll(",", ""));
  const compare = number ? (a, b) => amount(a) - amount(b) || 0 : (a, b) => value(a).localeCompare(value(b));
  const body = find("tbody", table);
  const rows = [...body.children];
  const shown = rows.filter((row) => !row.hidden).length;
  rows.sort((a, b) => sign * compare(a, b)).forEach((row, place) => {
    row.hidden = place >= shown;
    body.append(row);
  });
  all("th[aria-sort]", table).forEach((th) => th.setAttribute("aria-sort", "none"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
}

function showMore(button) {
  const box = button.closest(".surveyed");
  const hidden = all("tbody tr[hidden]", box);
  hidden.slice(0, Number(box.dataset.page)).forEach((row) => (row.hidden = false));
  const left = all("tbody tr[hidden]", box).length;
  const total = all("tbody tr", box).length;
  button.textContent = `Show more (${total - left} of ${total} shown)`;
  button.hidden = !left;
}
