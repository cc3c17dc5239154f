// The conversation on the page: what is asked, what comes back, what is done with an answer.
let conversation = newConversation();
const chosen = new Map(); // papers that questions are restricted to: id to title
const turns = find("#turns");
const box = () => find("#question textarea, #question input");
let pending = { name: "", question: "" }; // what is asked just now; no name: nothing

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

function askNow(question) {
  put(question);
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

// What a follow-up can refer to in an answer: the API's PastTurn, see docs/chat.md.
function pastTurn({ question, text, searched, status, coverage, papers, citations, statements }) {
  const listed = papers.filter((p) => !coverage || p.verdict === "match");
  return {
    question,
    answer: text,
    searched,
    papers: listed.map((p) => p.id),
    shown: citations.map(({ paper, start, end }) => ({ paper, start, end })),
    survey: Boolean(coverage),
    answered: status === "answered" && statements.length + papers.length > 0,
  };
}

// Called by Gradio before a question is sent: what the server needs of this browser.
ask.asking = (question) => {
  pending = { name: freshName(), question };
  document.body.classList.add("busy");
  const history = conversation.turns.slice(-12).map((t) => pastTurn(t.answer));
  requestAnimationFrame(() => find("#underway").scrollIntoView({ block: "end" }));
  return { name: pending.name, history, papers: [...chosen.keys()] };
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
    conversation.turns.push(record);
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
  sessionStorage.setItem(KEY, conversation.id);
  if (conversation.turns.length) {
    const answer = await call("restore", { turns: conversation.turns });
    if (answer.error) tell(answer);
    for (const html of answer.turns || [])
      if (html) turns.insertAdjacentHTML("beforeend", html);
      else turns.append(made("p", "An answer that was kept here cannot be read any more.", { class: "note" }));
    turns.lastElementChild?.scrollIntoView({ block: "start" });
  }
  welcome();
}

function listConversations() {
  const list = find("#conversations");
  const past = kept();
  const rows = past.map((c) => {
    const row = made("li", "");
    const button = made("button", c.title || "Untitled", { type: "button", "data-act": "open-conversation", "data-id": c.id });
    if (c.id === conversation.id) button.setAttribute("aria-current", "true");
    const when = made("span", new Date(c.time).toLocaleString(), { class: "facts" });
    const drop = made("button", "✕", { type: "button", "data-act": "forget", "data-id": c.id, "aria-label": `Forget: ${c.title}` });
    row.append(button, when, drop);
    return row;
  });
  const take = made("p", "", { class: "take" });
  const label = made("span", "This conversation: ");
  const kinds = [["text", "Copy"], ["markdown", "Markdown"], ["bibtex", "BibTeX"], ["ris", "RIS"], ["xlsx", "Excel"]];
  take.append(label, ...kinds.map(([kind, text]) => made("button", text, { type: "button", "data-act": "take", "data-kind": kind })));
  const items = made("ul", "");
  items.append(...rows);
  const none = made("p", "Nothing is kept yet. Conversations stay in this browser.", { class: "note" });
  list.replaceChildren(...(conversation.turns.length ? [take] : []), rows.length ? items : none);
}

// What restricts a question besides chosen papers: the names of the boxes, and what their chips say.
const bounds = { since: "Since", until: "Until", "by-author": "By", "in-venue": "In", "with-tag": "Tagged" };
const boundBox = (name) => find(`#${name} textarea, #${name} input`);

function setBound(name, value) {
  const input = boundBox(name);
  if (!input) return;
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function restrict(id, title) {
  if (id) chosen.set(id, title);
  const chips = [...chosen].map(([paperId, name]) => madeChip(name, `Ask other papers than ${name} too`, { "data-paper": paperId }));
  for (const [name, word] of Object.entries(bounds)) {
    const value = boundBox(name)?.value.trim();
    if (value) chips.push(madeChip(`${word} ${value}`, `Ask other papers too, not only ${word.toLowerCase()} ${value}`, { "data-bound": name }));
  }
  const bar = find("#restricted");
  bar.replaceChildren(made("span", "Asking only: "), ...chips);
  bar.hidden = !chips.length;
}

function madeChip(text, label, fields) {
  const chip = made("span", text, { class: "chip" });
  chip.append(made("button", "✕", { type: "button", "data-act": "unrestrict", "aria-label": label, ...fields }));
  return chip;
}

function unrestrict({ paper, bound }) {
  if (paper) chosen.delete(paper);
  if (bound) setBound(bound, "");
  restrict();
}

// A new conversation asks all papers, in the way that the question asks for.
function askEverything() {
  chosen.clear();
  find("#reset").click();
  for (const name of Object.keys(bounds)) setBound(name, "");
  restrict();
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

function judge(button) {
  const actions = button.closest(".actions");
  find(".comment", actions)?.remove();
  const form = made("form", "", { class: "comment", "data-thumb": button.dataset.act });
  const input = made("input", "", { type: "text", maxlength: "2000", "aria-label": "Comment", placeholder: "What was good or wrong? (optional)" });
  form.append(input, made("button", "Send", { type: "submit" }));
  actions.append(form);
  input.focus();
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form.comment");
  if (!form) return;
  event.preventDefault();
  const record = recordOf(form);
  const actions = form.closest(".actions");
  const answer = await call("feedback", { turn: record, thumb: form.dataset.thumb, comment: find("input", form).value });
  const told = find(".told", actions);
  if (answer.error) return tell(answer, told);
  record.thumb = form.dataset.thumb;
  all(".thumb", actions).forEach((t) => t.setAttribute("aria-pressed", String(t.dataset.act === record.thumb)));
  form.remove();
  save();
  tell({ done: `Thank you: kept in ${answer.file}.` }, told);
});
