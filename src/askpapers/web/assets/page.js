// What a click or a key does, and how the page begins.
const acts = {
  copy: (b) => take("text", [recordOf(b)], told(b)),
  export: (b) => take(b.dataset.kind, [recordOf(b)], told(b)),
  link: (b) => copy(linkTo(recordOf(b).answer.question), told(b)),
  up: judge,
  down: judge,
  more: showMore,
  take: (b) => take(b.dataset.kind, conversation.turns),
  only: (b) => {
    restrict(b.dataset.paper, b.closest("[data-title]").dataset.title);
    view("ask");
    box().focus();
  },
  similar: async (b) => {
    const answer = await call("similar", { paper: b.dataset.paper });
    if (answer.error) return tell(answer);
    find(".similar", b.closest(".paper")).innerHTML = answer.html; // made by the server, where every text is escaped
  },
  "cite-paper": async (b) => saveFile(await call("cite", { paper: b.dataset.paper, kind: b.dataset.kind })),
  unrestrict: (b) => {
    unrestrict(b.dataset);
    box().focus();
  },
  close: closeSource,
  new: () => {
    show(newConversation());
    askEverything();
    find("#forget")?.click();
    view("ask");
    box().focus();
  },
  list: () => conversations(find("#conversations").hidden),
  "open-conversation": (b) => {
    const past = kept().find((c) => c.id === b.dataset.id);
    if (past) show(past);
    conversations(false);
    view("ask");
  },
  forget: (b) => {
    forget(b.dataset.id);
    if (b.dataset.id === conversation.id) show(newConversation());
    listConversations();
  },
  theme: () => {
    const dark = document.body.classList.toggle("dark");
    localStorage.setItem("askpapers:theme", dark ? "dark" : "light");
  },
};

const told = (button) => find(".told", button.closest(".actions"));
const linkTo = (question) => `${location.origin}${location.pathname}?q=${encodeURIComponent(question)}`;

const scrolled = {};

function view(name) {
  const before = document.body.dataset.view;
  if (name === before) return;
  scrolled[before] = window.scrollY;
  document.body.dataset.view = name;
  window.scrollTo(0, scrolled[name] || 0);
  all("[data-view]", find("#top")).forEach((button) => {
    if (button.dataset.view === name) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  });
}

function conversations(open) {
  const list = find("#conversations");
  list.hidden = !open;
  find('[data-act="list"]').setAttribute("aria-expanded", String(open));
  if (open) listConversations();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button) return;
  const { open, sort, view: to, act, question } = button.dataset;
  if (open) openSource(button);
  else if (sort) sortTable(button);
  else if (to) view(to);
  else if (question) askNow(question);
  else if (act && acts[act]) acts[act](button);
});

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    hideTips();
    if (!find("#conversations").hidden) conversations(false);
    else if (document.body.classList.contains("source-open")) closeSource();
  } else if (event.key === "/" && !writing) {
    event.preventDefault();
    view("ask");
    box().focus();
  }
});

async function begin() {
  const theme = localStorage.getItem("askpapers:theme");
  if (theme) document.body.classList.toggle("dark", theme === "dark");
  view("ask");
  const address = new URL(location.href);
  const question = address.searchParams.get("q");
  const past = question ? null : kept().find((c) => c.id === sessionStorage.getItem(KEY));
  if (past) await show(past);
  welcome();
  document.body.classList.add("ready");
  if (question) {
    address.searchParams.delete("q"); // a reload restores the answer instead of asking again
    history.replaceState(null, "", address);
    askNow(question.slice(0, 4000));
  }
  call("overview", {}).then(({ html }) => {
    find("#about").innerHTML = html || ""; // made by the server, where every text is escaped
    find("#about").hidden = !html;
  });
  const answer = await call("examples", {});
  const buttons = (answer.questions || []).map((q) => made("button", q, { type: "button", "data-question": q, class: "example" }));
  find("#examples").replaceChildren(...buttons);
}
begin();
