// What a click or a key does, and how the page begins.
const LONGEST_LINK = 7500; // characters: the server takes no longer address than 8,000
const acts = {
  ...screenActs,
  copy: (b) => take("text", [recordOf(b)], noticeOf(b)),
  export: (b) => take(b.dataset.kind, [recordOf(b)], noticeOf(b)),
  link: (b) => {
    const link = linkTo(recordOf(b));
    if (link.length < LONGEST_LINK) return copy(link, noticeOf(b));
    notify({ error: "These are too many papers for a link.", hint: "Restrict the question by years, names or tags." }, noticeOf(b));
  },
  "ask-all": (b) => {
    askEverything();
    askNow(b.dataset.words);
  },
  survey: (b) => askNow(b.dataset.words, "survey"),
  "look-up": (b) => {
    find("#browse-words").value = b.dataset.words;
    view("papers");
    browse();
  },
  ask,
  stop: () => asking?.stop(),
  "stop-work": (b) => atWork[b.dataset.work]?.stop(),
  fill: fillTable,
  check: checkDraft,
  "more-papers": () => browse(pages + 1),
  add: () => addPapers(false),
  look: () => addPapers(true),
  cancel: cancelAdding,
  "drop-file": (b) => {
    chosenFiles[b.dataset.list].splice(Number(b.dataset.place), 1);
    listFiles(b.dataset.list);
    find(`#${b.dataset.list} input`).focus();
  },
  up: judge,
  down: judge,
  more: showMore,
  take: (b) => take(b.dataset.kind, conversation.turns),
  only: (b) => {
    restrict(b.dataset.paper, b.closest("[data-title]").dataset.title);
    view("ask");
    box.focus();
  },
  similar: async (b) => {
    const answer = await call("similar", { paper: b.dataset.paper });
    if (answer.error) return notify(answer);
    const similar = find(".similar", b.closest(".paper"));
    fill(similar, answer.html);
    similar.scrollIntoView({ block: "nearest" });
  },
  "cite-paper": async (b) => saveFile(await call("cite", { paper: b.dataset.paper, kind: b.dataset.kind })),
  unrestrict: (b) => {
    unrestrict(b.dataset);
    box.focus();
  },
  "to-table": (b) => {
    delete firstSeen.table;
    restrictTable(theseOf(b));
    find("#table-question").value = "";
    view("table");
    fillTable();
    find("#table-add").focus();
  },
  untable: () => {
    restrictTable([]);
    find("#table-question").focus();
  },
  "drop-column": (b) => {
    const left = all(".drop", b.closest("tr")).filter((other) => other !== b).map((other) => decodeURIComponent(other.dataset.column));
    find("#table-columns").value = left.join(", ");
    if (left.length) fillTable();
    find("#table-columns").focus();
  },
  "save-table": async (b) => {
    const table = JSON.parse(decodeURIComponent(b.closest(".evidence").dataset.table));
    saveFile(await call("table_file", { ...table, kind: b.dataset.kind }));
  },
  "save-check": async (b) => saveFile(await call("draft_file", { check: b.closest("[data-check]").dataset.check, kind: b.dataset.kind }), noticeOf(b)),
  "only-these": (b) => {
    setRestrictions({ papers: theseOf(b) });
    box.focus();
  },
  reject,
  "remove-added": removeAdded,
  close: closeSource,
  new: () => {
    show(newConversation());
    askEverything();
    forgetFiles("upload");
    view("ask");
    box.focus();
  },
  list: () => conversations(find("#conversations").hidden),
  "open-conversation": (b) => {
    const past = storedConversations().find((c) => c.id === b.dataset.id);
    if (past) show(past);
    conversations(false);
    view("ask");
  },
  rename: (b) => renameConversation(b.dataset.id),
  forget: (b) => {
    if (!isSure(b)) return;
    forget(b.dataset.id);
    if (b.dataset.id === conversation.id) show(newConversation());
    listConversations();
    find("#conversations input[type=search]").focus(); // the button that had the focus is gone
  },
  options: () => options(!document.body.classList.contains("options-open")),
  theme: () => {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    remember("localStorage", "askpapers:theme", theme);
  },
};

// What cannot be taken back is done at a second press; who goes elsewhere has changed their mind.
function isSure(button, question = "sure?") {
  if (button.dataset.sure) return true;
  const [text, label] = [button.textContent, button.ariaLabel];
  const ask = (sure) => {
    button.textContent = text + sure;
    if (label) button.ariaLabel = label + sure;
  };
  button.dataset.sure = "yes";
  ask(`: ${question}`);
  button.addEventListener("blur", () => delete button.dataset.sure && ask(""), { once: true });
  return false;
}

const noticeOf = (button) => find(".notice", button.closest(".actions"));

// A link has the question and what it was asked of; papers by their ids.
function linkTo({ answer, asked = {} }) {
  const { papers = [], ...words } = asked;
  const fields = [["q", answer.question], ...Object.entries(words), ...papers.map(([id]) => ["paper", id])];
  return `${location.origin}${base}?${fields.map((pair) => pair.map(encodeURIComponent).join("=")).join("&")}`;
}

function readable(id) {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function askFromLink(address) {
  const { q, way, ...asked } = Object.fromEntries(address.searchParams);
  const papers = address.searchParams.getAll("paper").map((id) => [id, readable(id)]);
  history.replaceState(null, "", base); // a reload restores the answer instead of asking again
  setRestrictions({ ...asked, papers });
  askNow(q.slice(0, 4000), way);
}

const isDark = () => (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

// Each view has an address. What a view lists is asked for when it is first seen.
const scrolled = {};
const firstSeen = { papers: () => browse(), table: tableAgain, screen: listProtocols, add: listAdded };

function view(name, anew = true) {
  const before = document.body.dataset.view;
  if (firstSeen[name]) firstSeen[name]();
  delete firstSeen[name];
  if (name === before) return;
  scrolled[before] = window.scrollY;
  document.body.dataset.view = name;
  if (anew) history.pushState(null, "", base + (name === "ask" ? answerAddress : name));
  clearSource(); // what was opened from another view
  openLastSource();
  window.scrollTo(0, scrolled[name] || 0);
  all("[data-view]", find("#top")).forEach((button) => {
    if (button.dataset.view === name) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  });
  const shown = name === "ask" ? "" : `${find(`#top [data-view="${name}"]`).textContent} · `;
  document.title = `${shown}${corpus} · askpapers`; // what tabs and the history call it
}

const viewHere = () => location.pathname.slice(base.length) || "ask";

window.addEventListener("popstate", () => view(viewHere(), false));

function options(open) {
  document.body.classList.toggle("options-open", open);
  find('[data-act="options"]').setAttribute("aria-expanded", String(open));
}

function conversations(open) {
  const list = find("#conversations");
  list.hidden = !open;
  find('[data-act="list"]').setAttribute("aria-expanded", String(open));
  if (!open) return;
  listConversations();
  if (wide.matches) find("input[type=search]", list).focus(); // on a phone the keyboard would hide the list
}

document.addEventListener("click", (event) => {
  all("details.formats[open]").forEach((menu) => menu.contains(event.target) && !event.target.closest("button") || (menu.open = false));
  const list = find("#conversations");
  if (!list.hidden && event.target.isConnected && !event.target.closest("#conversations, [data-act=list]")) conversations(false);
  const button = event.target.closest?.("button");
  if (!button) return;
  const { open, sort, view: to, act, question } = button.dataset;
  if (open) openSource(button);
  else if (sort) sortTable(button);
  else if (to) view(to);
  else if (question) askNow(question);
  else if (act && acts[act]) acts[act](button);
});

// Another collection is another address, so that a link keeps it.
document.addEventListener("change", (event) => {
  if (event.target.id !== "collection") return;
  const { view: name } = document.body.dataset;
  location.assign(event.target.value + (name === "ask" ? "" : name));
});

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    hideTips();
    all("details.formats[open]").forEach((menu) => (menu.open = false));
    if (!find("#conversations").hidden) {
      conversations(false);
      find('[data-act="list"]').focus();
    } else if (document.body.classList.contains("source-open")) closeSource();
    else options(false);
  } else if (event.key === "/" && (!writing || (writing === box && !box.value))) {
    event.preventDefault();
    view("ask");
    box.focus();
  }
});

// The conversation of an answer's address, or the one that was open in this window.
function wasOpen() {
  const name = location.hash.replace(/^#turn-/, "");
  const stored = storedConversations();
  return stored.find((c) => c.turns.some((t) => t?.name === name)) || stored.find((c) => c.id === remembered("sessionStorage", KEY));
}

async function begin() {
  const theme = remembered("localStorage", "askpapers:theme");
  if (theme) document.documentElement.dataset.theme = theme;
  view(viewHere(), false);
  const address = new URL(location.href);
  const question = address.searchParams.get("q");
  const past = question ? null : wasOpen();
  if (past) await show(past, address.hash || undefined);
  if (address.hash) document.getElementById(address.hash.slice(1))?.scrollIntoView({ block: "start" });
  restrict(); // a browser may keep what was in the boxes
  welcome();
  document.body.classList.add("ready");
  if (question) askFromLink(address);
  const answer = await call("overview");
  if (answer.error) find("#about .hint").textContent = `${answer.error} ${answer.hint}`;
  else fill(find("#about"), answer.html);
}
begin();
