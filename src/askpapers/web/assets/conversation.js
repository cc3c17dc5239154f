// The conversation on the page: kept in this browser, come back to, taken along, judged.
function save() {
  remember("sessionStorage", KEY, conversation.id);
  if (!storeConversation(conversation)) notify({ error: "This conversation is not kept after a reload.", hint: "It is too large, or your browser lets this page store nothing." });
  if (!find("#conversations").hidden) listConversations();
}

// The address is that of what is shown, or a reload would bring back another conversation.
async function show(next, address = addressOf(next.turns.at(-1)?.name)) {
  conversation = next;
  asking?.stop();
  answerAddress = address;
  if (document.body.dataset.view === "ask") history.replaceState(null, "", base + answerAddress);
  turns.replaceChildren();
  clearSource();
  remember("sessionStorage", KEY, conversation.id);
  if (conversation.turns.length) {
    const answer = await call("restore", { turns: conversation.turns });
    if (answer.error) notify(answer);
    for (const html of answer.turns || [])
      if (html) settle(appendTurn(html));
      else turns.append(made("p", "An answer that was kept here cannot be read any more.", { class: "note" }));
    turns.lastElementChild?.scrollIntoView({ block: "start" });
    openLastSource();
  }
  welcome();
}

// The past conversations: searched by what was asked, renamed, forgotten. The search box stays when the list is renewed.
function listConversations() {
  const list = find("#conversations");
  if (!find("input[type=search]", list)) list.replaceChildren(made("div", "", { class: "take" }), searchBox(), made("ul", ""));
  const wanted = find("input[type=search]", list).value.toLowerCase();
  const past = storedConversations().filter((c) => searchedText(c).includes(wanted));
  const kinds = [["text", "Copy"], ["markdown", "Markdown"], ["bibtex", "BibTeX"], ["ris", "RIS"], ["xlsx", "Excel"]];
  const take = kinds.map(([kind, text]) => made("button", text, { type: "button", "data-act": "take", "data-kind": kind }));
  find(".take", list).replaceChildren(...(conversation.turns.length ? [made("span", "This conversation: "), ...take] : []));
  const none = made("li", wanted ? "None has these words." : "Nothing is kept yet. Conversations stay in this browser.", { class: "note" });
  find("ul", list).replaceChildren(...(past.length ? past.map(conversationRow) : [none]));
}

const addressOf = (name) => (name ? `#turn-${name}` : "");

const searchedText = (c) => [c.title, ...c.turns.map((t) => t?.answer?.question)].join("\n").toLowerCase();

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
  const past = storedConversations().find((c) => c.id === id);
  if (!row || !past) return;
  const input = made("input", "", { type: "text", maxlength: "200", "aria-label": "New name" });
  input.value = past.title;
  const done = (rename) => {
    const title = input.value.trim();
    if (rename && title) {
      if (id === conversation.id) conversation.title = title;
      storeConversation({ ...past, title });
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

const recordOf = (node) => conversation.turns.find((t) => t.name === node.closest("[data-turn]").dataset.turn);

async function take(kind, records, notice) {
  const answer = await call("export", { kind, turns: records });
  if (answer.error) return notify(answer, notice);
  if (kind === "text") return copy(answer.text, notice);
  saveFile(answer, notice);
}

function saveFile(answer, notice) {
  if (answer.error) return notify(answer, notice);
  const content = answer.base64 ? Uint8Array.from(atob(answer.base64), (sign) => sign.charCodeAt(0)) : answer.text;
  const link = made("a", "", { download: answer.name, href: URL.createObjectURL(new Blob([content], { type: answer.media })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  notify({ done: `${answer.name} is in your downloads.` }, notice);
}

async function copy(text, notice) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = made("textarea", text); // without https the clipboard is reached the old way
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  notify({ done: "Copied." }, notice);
}

function notify({ error, hint, done }, place = find("#notice")) {
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
  form.scrollIntoView({ block: "nearest" });
}

async function sendFeedback(thumb, comment, actions) {
  const record = recordOf(actions);
  const answer = await call("feedback", { turn: record, thumb, comment });
  const notice = find(".notice", actions);
  if (answer.error) return notify(answer, notice);
  record.thumb = thumb;
  all(".thumb", actions).forEach((t) => t.setAttribute("aria-pressed", String(t.dataset.act === thumb)));
  save();
  notify({ done: `Thank you: kept in ${answer.file}.` }, notice);
  return true;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form.comment");
  if (!form) return;
  event.preventDefault();
  if (await sendFeedback(form.dataset.thumb, find("input", form).value, form.closest(".actions"))) form.remove();
});
