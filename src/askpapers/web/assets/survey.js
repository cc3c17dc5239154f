// What can be done with the papers of a survey: ask only these, make a table of them, reject one.
const inTable = new Map(); // papers that the evidence table is restricted to: id to title

// The papers that are ticked; without a tick the matches that are left.
function theseOf(node) {
  const turn = node.closest("[data-turn]");
  const ticked = all(".pick:checked", turn).map((pick) => pick.closest("tr"));
  if (ticked.length) return ticked.map((row) => [row.dataset.paper, row.dataset.title]);
  const { answer, rejected = [] } = recordOf(turn);
  const left = answer.papers.filter((p) => p.relevance === "match" && !rejected.includes(p.paper.id));
  return left.map(({ paper }) => [encodeURIComponent(paper.id), paper.title]);
}

function countThese(turn) {
  const shown = find(".these", turn);
  if (!shown) return;
  const ticked = all(".pick:checked", turn).length;
  const count = ticked || Number(shown.dataset.matches);
  shown.textContent = `${count} ${ticked ? "ticked" : count === 1 ? "match" : "matches"}:`;
  shown.parentNode.hidden = !count;
}

document.addEventListener("change", (event) => {
  if (!event.target.matches?.(".pick")) return;
  const turn = event.target.closest(".turn");
  recordOf(turn).ticked = all(".pick:checked", turn).map((pick) => pick.closest("tr").dataset.paper);
  save();
  countThese(turn);
});

// A rejected paper leaves the answer, not the conversation: the server counts anew, and the row that was shown stays where it is.
async function reject(button) {
  const [turn, row] = [button.closest(".turn"), button.closest("tr")];
  const record = recordOf(turn);
  const id = decodeURIComponent(row.dataset.paper);
  const rejected = new Set(record.rejected);
  if (!rejected.delete(id)) rejected.add(id);
  const answer = await call("review", { turn: { ...record, rejected: [...rejected] } });
  if (answer.error) return notify(answer);
  Object.assign(record, answer.record);
  const changed = made("div", "");
  fill(changed, answer.html);
  const fresh = find(`tr[data-paper="${CSS.escape(row.dataset.paper)}"]`, changed);
  fresh.hidden = row.hidden;
  row.replaceWith(fresh);
  for (const part of [".coverage", ".these"]) find(part, turn).replaceWith(find(part, changed));
  countThese(turn);
  save();
  find(".reject", fresh).focus();
}

function restrictTable(papers) {
  inTable.clear();
  for (const [id, title] of papers) inTable.set(id, title);
  const chip = madeChip(inTable.size === 1 ? papers[0][1] : `these ${inTable.size} papers`, "Make a table of other papers too", { "data-act": "untable" }, papers);
  find("#tabled").replaceChildren(made("span", "A table of only: "), chip);
  find("#tabled").hidden = !inTable.size;
}

let filling = Promise.resolve(); // until the last table is filled or stopped

const TABLE = `${KEY}:table`; // what was asked for last in this window

// A table of the chosen papers, or of those that a question is about. One that is being filled gives way to it.
async function fillTable() {
  atWork.table?.stop();
  await filling;
  const wanted = { question: find("#table-question").value, columns: find("#table-columns").value, papers: [...inTable] };
  remember("sessionStorage", TABLE, JSON.stringify(wanted));
  filling = run("table", "#table", () => ({ ...wanted, papers: wanted.papers.map(([id]) => id) }));
}

// After a reload the last table is made anew: what a model wrote in it was stored by the server.
function tableAgain() {
  const wanted = JSON.parse(remembered("sessionStorage", TABLE));
  if (!wanted) return;
  find("#table-question").value = wanted.question;
  find("#table-columns").value = wanted.columns;
  restrictTable(wanted.papers);
  fillTable();
}

function addColumn() {
  const added = find("#table-add");
  find("#table-columns").value = [find("#table-columns").value, added.value].filter((one) => one.trim()).join(", ");
  added.value = "";
  fillTable();
}

find("#table-bar").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.target.id === "table-add") addColumn();
  else fillTable();
});
