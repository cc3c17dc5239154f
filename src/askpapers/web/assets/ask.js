// A question: what it is asked of, its answer as it comes, and its place in the conversation.
let conversation = newConversation();
const chosen = new Map(); // papers that questions are restricted to: id to title
const turns = find("#turns");
const box = find("#question");
let asking = null; // the stream of the question that is being answered
let wantedWay = ""; // of a link or a button: it comes before the chosen one, once
let answerAddress = ""; // of the last answer: the part behind # that leads back to it

function put(question) {
  box.value = question;
  grow();
  box.focus();
}

function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}
box.addEventListener("input", grow);

box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  ask();
});

function askNow(question, way = "") {
  put(question);
  wantedWay = way;
  view("ask");
  ask();
}

async function ask() {
  const question = box.value;
  if (asking || !question.trim()) return;
  const way = wantedWay || find("#way").value;
  wantedWay = "";
  const [mine, name, place] = [conversation, freshName(), find("#underway")];
  const asked = { ...restrictions(), ...(way && { way }) };
  const history = mine.turns.slice(-12).map((t) => t.turn).filter(Boolean);
  const boxes = Object.fromEntries(Object.entries(bounds).map(([id, word]) => [word, bound(id)]));
  let last = {};
  asking = stream("ask", { ...boxes, question, name, history, papers: [...chosen.keys()], way, model: find("#model").value }, (update) => {
    last = update;
    const first = !place.children.length;
    fill(place, update.html);
    if (first) place.scrollIntoView({ block: "end" });
  });
  document.body.classList.add("busy");
  options(false); // what is set stays beside the question; on a phone the boxes would hide the answer
  put("");
  clearSource();
  welcome();
  const how = await asking.done;
  asking = null;
  document.body.classList.remove("busy");
  place.replaceChildren();
  if (conversation === mine) {
    if (how?.error) notify(how);
    else if (!how) addTurn(last, asked);
    if (!last.record && !box.value) put(question);
  }
  welcome();
}

function appendTurn(html) {
  const one = made("div", "");
  fill(one, html);
  turns.append(...one.children);
  return turns.lastElementChild;
}

function addTurn({ html, record }, asked) {
  const turn = appendTurn(html);
  turn.scrollIntoView({ block: "start" });
  if (!record) return;
  nameChosen(record.answer.papers);
  conversation.turns.push({ ...record, asked });
  settle(turn);
  openBeside(find("[data-open]", turn));
  conversation.title = conversation.title || record.answer.question;
  conversation.time = new Date().toISOString();
  answerAddress = addressOf(record.name);
  if (document.body.dataset.view === "ask") history.replaceState(null, "", base + answerAddress);
  save();
}

// What the server does not know of a turn: which papers are ticked, and a refusal offers to ask all papers where it was asked of some.
function settle(turn) {
  const record = recordOf(turn);
  for (const pick of all(".pick", turn)) pick.checked = Boolean(record?.ticked?.includes(pick.closest("tr").dataset.paper));
  countThese(turn);
  const elsewhere = find('[data-act="ask-all"]', turn);
  if (elsewhere) elsewhere.hidden = !Object.keys(record?.asked || {}).length;
}

function welcome() {
  find("#welcome").hidden = Boolean(turns.children.length || asking);
}

// What restricts a question besides chosen papers: the names of the boxes, and what links and chips call them.
const bounds = { since: "since", until: "until", "by-author": "author", "in-venue": "venue", "with-tag": "tag" };
const bound = (name) => find(`#${name}`).value.trim();

// A link has ids of papers only: what they are called comes with an answer.
function nameChosen(papers) {
  for (const { paper } of papers) {
    const id = encodeURIComponent(paper.id);
    if (chosen.has(id) && paper.title) chosen.set(id, paper.title);
  }
  restrict();
}

// What a question is asked of, as a link says it.
function restrictions() {
  const set = Object.entries(bounds).map(([name, word]) => [word, bound(name)]).filter(([, value]) => value);
  const papers = chosen.size ? [["papers", [...chosen]]] : [];
  return Object.fromEntries([...set, ...papers]);
}

function setRestrictions(asked) {
  for (const [name, word] of Object.entries(bounds)) find(`#${name}`).value = asked[word] || "";
  chosen.clear();
  for (const [id, title] of asked.papers || []) chosen.set(id, title);
  restrict();
}

function restrict(id, title) {
  if (id) chosen.set(id, title);
  const papers = [...chosen];
  const many = papers.length > 1;
  const chips = many
    ? [madeChip(`these ${papers.length} papers`, "Ask other papers too", { "data-papers": "all" }, papers)]
    : papers.map(([paperId, name]) => madeChip(name, `Ask other papers than ${name} too`, { "data-paper": paperId }));
  const [since, until] = [bound("since"), bound("until")];
  if (since && until) chips.push(madeChip(since === until ? since : `${since} to ${until}`, "Ask papers of other years too", { "data-bound": "since until" }));
  else if (since || until) chips.push(madeChip(since ? `Since ${since}` : `Until ${until}`, "Ask papers of other years too", { "data-bound": since ? "since" : "until" }));
  for (const [name, word] of [["by-author", "By"], ["in-venue", "In"], ["with-tag", "Tagged"]])
    if (bound(name)) chips.push(madeChip(`${word} ${bound(name)}`, `Ask other papers too, not only ${word.toLowerCase()} ${bound(name)}`, { "data-bound": name }));
  if (chips.length) chips.unshift(made("span", "Asking only: "));
  const [way, model] = [find("#way"), find("#model").value];
  const usual = [way.value && way.selectedOptions[0].text, model].filter(Boolean).join(", ");
  if (usual) chips.push(madeChip(usual, "Ask in the usual way, with the usual model", { "data-way": "" }));
  find("#restricted").replaceChildren(...chips);
  find("#restricted").hidden = !chips.length;
}

function madeChip(text, label, fields, papers = []) {
  const chip = made("span", text, { class: "chip", title: papers.map(([, title]) => title).join("\n") });
  chip.append(made("button", "✕", { type: "button", "data-act": "unrestrict", "aria-label": label, ...fields }));
  return chip;
}

function unrestrict({ paper, papers, bound: names, way }) {
  if (way !== undefined) usualWay();
  if (papers) chosen.clear();
  if (paper) chosen.delete(paper);
  for (const name of names ? names.split(" ") : []) find(`#${name}`).value = "";
  restrict();
}

const usualWay = () => all("#way, #model").forEach((choice) => (choice.selectedIndex = 0));

// A new conversation asks all papers, in the way that the question asks for.
function askEverything() {
  usualWay();
  setRestrictions({});
}

find("#options").addEventListener("input", () => restrict());
