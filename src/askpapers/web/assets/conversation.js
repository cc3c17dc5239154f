// The conversation on the page: what is asked, what comes back, what is done with an answer.
let conversation = newConversation();
const chosen = new Map(); // papers that questions are restricted to: id to title
const turns = find("#turns");
const box = () => find("#question textarea, #question input");
let pending = { name: "", question: "", asked: {} }; // what is asked just now, and of what; no name: nothing
let wantedWay = ""; // of a link or a button: it comes before the chosen one, once

async function call(name, value) {
  const answer = await server[name](value);
  return answer ?? { error: "The server cannot be reached.", hint: "Is it still running?" };
}

function put(question) {
  const input = box();
  input.value = question;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
}

function askNow(question, way = "") {
  put(question);
  wantedWay = way;
  setTimeout(() => find("#ask").click(), 0);
}

// A server that went away answers nothing, not even that it did: while we wait, look whether it is there.
setInterval(async () => {
  if (!document.body.classList.contains("busy")) return;
  try {
    await fetch("api", { cache: "no-store" });
  } catch {
    document.body.classList.remove("busy");
    tell({ error: "The server cannot be reached.", hint: "Is it still running?" });
  }
}, 3000);

// Called by Gradio before a question is sent: what the server needs of this browser.
ask.asking = (question) => {
  const way = wantedWay;
  wantedWay = "";
  pending = { name: freshName(), question, asked: { ...restrictions(), ...(way && { way }) } };
  document.body.classList.add("busy");
  clearSource();
  const history = conversation.turns.slice(-12).map((t) => t.turn).filter(Boolean);
  requestAnimationFrame(() => find("#underway").scrollIntoView({ block: "end" }));
  return { name: pending.name, history, papers: [...chosen.keys()], way };
};

// Called when the answer is done: it moves into the conversation, and its place is free for the next.
// Gradio calls it for a stopped answer too, when its last words arrive late: those are no answer.
ask.answered = (html, record) => {
  const late = html && !(pending.name && html.includes(`data-turn="${pending.name}"`));
  if (late) return [html, record];
  pending.name = "";
  document.body.classList.remove("busy");
  if (html) {
    turns.insertAdjacentHTML("beforeend", html); // made by the server, where every text is escaped
    turns.lastElementChild.scrollIntoView({ block: "start" });
  }
  if (record) {
    record.asked = pending.asked;
    conversation.turns.push(record);
    settle(turns.lastElementChild);
    openBeside(find("[data-open]", turns.lastElementChild));
    conversation.title = conversation.title || record.answer.question;
    conversation.time = new Date().toISOString();
    save();
  }
  welcome();
  return ["", null];
};

ask.stopped = () => {
  document.body.classList.remove("busy");
  pending.name = "";
  return ["", null, pending.question];
};

// Words that arrive after their question was stopped are not shown.
new MutationObserver(() => {
  const turn = find("#underway .turn");
  find("#underway").classList.toggle("late", Boolean(turn) && turn.dataset.turn !== pending.name);
}).observe(find("#underway"), { childList: true, subtree: true });

function save() {
  sessionStorage.setItem(KEY, conversation.id);
  if (!keep(conversation)) tell({ error: "This conversation is too large to be kept in the browser." });
  if (!find("#conversations").hidden) listConversations();
}

function welcome() {
  find("#welcome").hidden = Boolean(turns.children.length || document.body.classList.contains("busy"));
}

async function show(next) {
  conversation = next;
  turns.replaceChildren();
  clearSource();
  sessionStorage.setItem(KEY, conversation.id);
  if (conversation.turns.length) {
    const answer = await call("restore", { turns: conversation.turns });
    if (answer.error) tell(answer);
    for (const html of answer.turns || [])
      if (html) turns.insertAdjacentHTML("beforeend", html), settle(turns.lastElementChild);
      else turns.append(made("p", "An answer that was kept here cannot be read any more.", { class: "note" }));
    turns.lastElementChild?.scrollIntoView({ block: "start" });
  }
  welcome();
}

// What the server does not know of a turn: a refusal offers to ask all papers where it was asked of some.
function settle(turn) {
  countThese(turn);
  const all = find('[data-act="ask-all"]', turn);
  if (all) all.hidden = !Object.keys(recordOf(turn)?.asked || {}).length;
}

// The past conversations: searched by what was asked, renamed, forgotten. The search box stays when the list is renewed.
function listConversations() {
  const list = find("#conversations");
  if (!find("input[type=search]", list)) list.replaceChildren(made("div", "", { class: "take" }), searchBox(), made("ul", ""));
  const wanted = find("input[type=search]", list).value.toLowerCase();
  const past = kept().filter((c) => said(c).includes(wanted));
  const kinds = [["text", "Copy"], ["markdown", "Markdown"], ["bibtex", "BibTeX"], ["ris", "RIS"], ["xlsx", "Excel"]];
  const take = kinds.map(([kind, text]) => made("button", text, { type: "button", "data-act": "take", "data-kind": kind }));
  find(".take", list).replaceChildren(...(conversation.turns.length ? [made("span", "This conversation: "), ...take] : []));
  const none = made("li", wanted ? "None has these words." : "Nothing is kept yet. Conversations stay in this browser.", { class: "note" });
  find("ul", list).replaceChildren(...(past.length ? past.map(conversationRow) : [none]));
}

const said = (c) => [c.title, ...c.turns.map((t) => t?.answer?.question)].join("\n").toLowerCase();

function searchBox() {
  const input = made("input", "", { type: "search", placeholder: "Search conversations …", "aria-label": "Search conversations" });
  input.addEventListener("input", listConversations);
  return input;
}

function conversationRow(c) {
  const row = made("li", "", { "data-id": c.id });
  const button = made("button", c.title || "Untitled", { type: "button", "data-act": "open-conversation", "data-id": c.id });
  if (c.id === conversation.id) button.setAttribute("aria-current", "true");
  const when = made("span", new Date(c.time).toLocaleDateString(), { class: "facts", title: new Date(c.time).toLocaleString() });
  const rename = made("button", "✎", { type: "button", "data-act": "rename", "data-id": c.id, "aria-label": `Rename: ${c.title}` });
  const drop = made("button", "✕", { type: "button", "data-act": "forget", "data-id": c.id, "aria-label": `Forget: ${c.title}` });
  row.append(button, when, rename, drop);
  return row;
}

function renameConversation(id) {
  const row = find(`#conversations li[data-id="${id}"]`);
  const past = kept().find((c) => c.id === id);
  if (!row || !past) return;
  const input = made("input", "", { type: "text", maxlength: "200", "aria-label": "New name" });
  input.value = past.title;
  const done = (rename) => {
    const title = input.value.trim();
    if (rename && title) {
      if (id === conversation.id) conversation.title = title;
      keep({ ...past, title });
    }
    listConversations();
    find(`#conversations li[data-id="${id}"] button`)?.focus();
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault(); // or the button that has the focus then is pressed
    done(event.key === "Enter");
  });
  row.replaceChildren(input);
  input.focus();
  input.select();
}

// What restricts a question besides chosen papers: the names of the boxes, and what links and chips call them.
const bounds = { since: "since", until: "until", "by-author": "author", "in-venue": "venue", "with-tag": "tag" };
const boundBox = (name) => find(`#${name} textarea, #${name} input`);
const bound = (name) => boundBox(name)?.value.trim() || "";

function setBox(input, value) {
  if (!input) return;
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

// What a question is asked of, as a link says it.
function restrictions() {
  const set = Object.entries(bounds).map(([name, word]) => [word, bound(name)]).filter(([, value]) => value);
  const papers = chosen.size ? [["papers", [...chosen]]] : [];
  return Object.fromEntries([...set, ...papers]);
}

function setRestrictions(asked) {
  for (const [name, word] of Object.entries(bounds)) setBox(boundBox(name), asked[word] || "");
  chosen.clear();
  for (const [id, title] of asked.papers || []) chosen.set(id, title);
  restrict();
}

let wayChosen = ""; // in words, with the model; empty for what is usual

// Called by Gradio when another way or model is chosen.
ask.wayChosen = (words) => {
  wayChosen = words;
  restrict();
};

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
  const bar = find("#restricted");
  if (chips.length) chips.unshift(made("span", "Asking only: "));
  bar.replaceChildren(...chips, ...(wayChosen ? [madeChip(wayChosen, "Ask in the usual way, with the usual model", { "data-way": "" })] : []));
  bar.hidden = !bar.children.length;
}

function madeChip(text, label, fields, papers = []) {
  const chip = made("span", text, { class: "chip", title: papers.map(([, title]) => title).join("\n") });
  chip.append(made("button", "✕", { type: "button", "data-act": "unrestrict", "aria-label": label, ...fields }));
  return chip;
}

function unrestrict({ paper, papers, bound: names, way }) {
  if (way !== undefined) find("#reset").click();
  if (papers) chosen.clear();
  if (paper) chosen.delete(paper);
  for (const name of names ? names.split(" ") : []) setBox(boundBox(name), "");
  restrict();
}

// A new conversation asks all papers, in the way that the question asks for.
function askEverything() {
  find("#reset").click();
  setRestrictions({});
}

document.addEventListener("input", (event) => event.target.closest?.(Object.keys(bounds).map((name) => `#${name}`).join()) && restrict());

const recordOf = (node) => conversation.turns.find((t) => t.name === node.closest("[data-turn]").dataset.turn);

async function take(kind, records, told) {
  const answer = await call("export", { kind, turns: records });
  if (answer.error) return tell(answer, told);
  if (kind === "text") return copy(answer.text, told);
  saveFile(answer, told);
}

function saveFile(answer, told) {
  if (answer.error) return tell(answer, told);
  const content = answer.base64 ? Uint8Array.from(atob(answer.base64), (sign) => sign.charCodeAt(0)) : answer.text;
  const link = made("a", "", { download: answer.name, href: URL.createObjectURL(new Blob([content], { type: answer.media })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  tell({ done: `${answer.name} is in your downloads.` }, told);
}

async function copy(text, told) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = made("textarea", text); // without https the clipboard is reached the old way
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  tell({ done: "Copied." }, told);
}

function tell({ error, hint, done }, place = find("#told")) {
  place.textContent = done || [error, hint].filter(Boolean).join(" ");
  place.classList.toggle("wrong", Boolean(error));
  clearTimeout(place.timer);
  place.timer = setTimeout(() => (place.textContent = ""), error ? 10_000 : 4_000);
}

// A thumb counts at once; a comment can follow.
async function judge(button) {
  const actions = button.closest(".actions");
  find(".comment", actions)?.remove();
  if (!(await sendFeedback(button.dataset.act, "", actions))) return;
  const form = made("form", "", { class: "comment", "data-thumb": button.dataset.act });
  const input = made("input", "", { type: "text", maxlength: "2000", "aria-label": "Comment", placeholder: "What was good or wrong? (optional)" });
  form.append(input, made("button", "Send", { type: "submit" }));
  actions.append(form);
  input.focus({ preventScroll: true });
}

async function sendFeedback(thumb, comment, actions) {
  const record = recordOf(actions);
  const answer = await call("feedback", { turn: record, thumb, comment });
  const told = find(".told", actions);
  if (answer.error) return tell(answer, told);
  record.thumb = thumb;
  all(".thumb", actions).forEach((t) => t.setAttribute("aria-pressed", String(t.dataset.act === thumb)));
  save();
  tell({ done: `Thank you: kept in ${answer.file}.` }, told);
  return true;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form.comment");
  if (!form) return;
  event.preventDefault();
  if (await sendFeedback(form.dataset.thumb, find("input", form).value, form.closest(".actions"))) form.remove();
});
