// Screening: a protocol is chosen or written, then one paper at a time is decided, by buttons or their keys.
const LONGEST_PROTOCOL = 100_000;
const REVIEWER = "askpapers:reviewer";
const SLOW = 20_000; // ms after which an answer is not waited for any more
let deciding = 0; // when the last decision was sent that has no answer yet
let protocolText = ""; // what was last put into the box, or stored
let protocolName = ""; // of the chosen one, as the server wrote it; "" for a new one
const screening = () => find("#screened .screening");

async function screenStep(fields) {
  const shown = screening();
  const sentAt = Date.now();
  if (!shown || sentAt - deciding < SLOW) return;
  deciding = sentAt;
  shown.setAttribute("aria-busy", "true");
  const now = find(".now", shown);
  const state = { ...stateOf(shown), paper: find("[data-screened]", now)?.dataset.screened || "" };
  const answer = await call("screening_step", { ...state, ...fields });
  if (deciding !== sentAt) return; // what comes late is of another paper
  deciding = 0;
  shown.removeAttribute("aria-busy");
  if (answer.error) return notify(answer);
  if (!shown.isConnected) return;
  const key = document.activeElement?.dataset?.key;
  const open = find("details.report", now)?.open;
  fill(now, answer.html);
  find(".said", shown).textContent = answer.said;
  if (open) find("details.report", now).open = true;
  if (key) find(`[data-key="${key}"]`, now)?.focus({ preventScroll: true });
  if (shown.getBoundingClientRect().top < 0) shown.scrollIntoView({ block: "start" });
}

// The screening that is shown, who screens, and what is done: decided at a stage, settled, or decided once more.
function stateOf(shown) {
  const { name, version, reviewer } = shown.dataset;
  return { name, version, reviewer: decodeURIComponent(reviewer), ...taskOf(find(".about-screening", shown)) };
}

function taskOf(node) {
  const { stage, consensus, recheck, unblind } = node.dataset;
  return { stage, consensus: consensus === "yes", recheck: recheck === "yes", ...(unblind !== undefined && { unblind: unblind === "yes" }) };
}

async function beginScreening() {
  const reviewer = find("#screen-reviewer").value;
  remember("localStorage", REVIEWER, reviewer);
  find("#view-screen").classList.remove("editing"); // from here on “Change the protocol” may be pressed, and stays so
  const how = await run("screen", "#screened", () => ({ name: protocolName, text: find("#screen-text").value, reviewer }));
  if (screening()) {
    protocolText = find("#screen-text").value; // it is stored
    if (!find("#view-screen").classList.contains("editing")) scrollTo(0, 0);
  }
  await listProtocols();
  const at = find("#screened :is(.screening, .failed)[data-name]"); // and not a button that would replace another
  if (at) chooseProtocol(at.dataset.name);
  if (how === STOPPED) find("#screened").replaceChildren(made("p", "Stopped. What was judged is remembered: Screen goes on.", { class: "note" }));
}

async function listProtocols() {
  const answer = await call("protocols");
  if (!answer.error) fill(find("#screen-protocols"), answer.html);
}

function chooseProtocol(name) {
  protocolName = name;
  all("#screen-protocols [data-act=screen-choose]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.name === name)));
}

function setProtocol(text) {
  protocolText = text;
  find("#screen-text").value = text;
}

// What was written and stands nowhere else is not replaced by one press.
function mayReplace(button) {
  const text = find("#screen-text").value;
  return !text.trim() || text === protocolText || isSure(button, "replace what is written?");
}

const screenActs = {
  screen: beginScreening,
  "screen-decide": (b) => {
    const { label, paper, of } = b.dataset;
    const words = label === "exclude" ? find("#screened .decide .reason")?.value || "" : "";
    screenStep({ act: label, reason: b.dataset.reason || words, ...(of && { paper, of }) });
  },
  "screen-undo": (b) => screenStep({ act: "undo", last: b.dataset.last }),
  "screen-task": (b) => screenStep({ act: "show", ...taskOf(b) }),
  "screen-unblind": (b) => screenStep({ act: "show", unblind: b.dataset.unblind === "yes" }),
  "screen-protocol": () => {
    find("#view-screen").classList.add("editing");
    find("#screen-text").focus();
  },
  "screen-save": async (b) => {
    saveFile(await call("screening_file", { ...stateOf(screening()), kind: b.dataset.kind }));
  },
  "screen-choose": async (b) => {
    if (!mayReplace(b)) return;
    const answer = await call("protocol", { name: b.dataset.name });
    if (answer.error) return notify(answer);
    setProtocol(answer.text);
    chooseProtocol(b.dataset.name);
    beginScreening();
  },
  "screen-replace": (b) => {
    if (!isSure(b)) return;
    chooseProtocol(b.dataset.name);
    beginScreening();
  },
  "screen-rename": renameProtocol,
  "screen-rename-reviewer": renameReviewer,
  "screen-delete": async (b) => {
    if (!isSure(b)) return;
    const answer = await call("delete_protocol", { name: b.dataset.name });
    if (answer.error) return notify(answer);
    if (protocolName === b.dataset.name) chooseProtocol("");
    leaveScreening(b.dataset.name);
    await listProtocols();
    notify({ done: "Deleted. The protocol and its decisions are in the folder “deleted” beside the others." });
  },
  "screen-file": () => {
    takeProtocol(protocolFile);
    find("#screen-text").focus();
  },
  "screen-no-file": () => {
    takeProtocol(null);
    find("#screen-text").focus();
  },
  "screen-new": (b) => {
    if (!mayReplace(b)) return;
    setProtocol(decodeURIComponent(b.dataset.text));
    chooseProtocol("");
    const text = find("#screen-text");
    text.focus();
    text.setSelectionRange(0, 0);
    text.scrollTop = 0;
  },
};

// A file is read in the browser: what is screened by is what then stands in the box. What was written there goes only
// when that is said.
let protocolFile = null; // the text of a file that waits for an answer

document.addEventListener("change", async (event) => {
  const file = event.target.closest?.("[data-protocol]")?.files[0];
  if (!file) return;
  if (file.size > LONGEST_PROTOCOL) return notify({ error: "The file is too large for a protocol." });
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    const written = find("#screen-text").value;
    if (!written.trim() || written === protocolText || written === text) takeProtocol(text);
    else {
      protocolFile = text;
      const replace = made("button", `Replace it by ${file.name}`, { type: "button", "data-act": "screen-file" });
      const stay = made("button", "Stay with it", { type: "button", "data-act": "screen-no-file" });
      find("#screen-file").replaceChildren(made("p", "What is written in the box stands nowhere else."), replace, stay);
      replace.focus();
    }
  } catch {
    notify({ error: `${file.name} is not UTF-8 text.`, hint: "Save it as Markdown or plain text." });
  }
  event.target.value = "";
});

function takeProtocol(text) {
  protocolFile = null;
  find("#screen-file").replaceChildren();
  if (text === null) return;
  setProtocol(text);
  chooseProtocol("");
}

// Asks for a new name in the place of a node: a name that is entered goes to `take`, else `leave` puts back what was there.
function askName(node, old, take, leave) {
  const input = made("input", "", { type: "text", maxlength: "60", "aria-label": "New name" });
  input.value = old;
  let isDone = false;
  const done = (entered) => {
    if (isDone) return;
    isDone = true;
    const name = input.value.trim();
    entered && name && name !== old ? take(name) : leave();
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault();
    done(event.key === "Enter");
  });
  input.addEventListener("blur", () => done(false));
  node.replaceChildren(input);
  input.focus();
  input.select();
}

function renameProtocol(button) {
  const name = button.dataset.name;
  const take = async (to) => {
    const answer = await call("rename_protocol", { name, to });
    if (answer.error) notify(answer);
    if (answer.name) leaveScreening(name);
    await listProtocols();
    chooseProtocol(answer.name && protocolName === name ? answer.name : protocolName);
  };
  askName(button.closest("li"), decodeURIComponent(name).replace(/\.md$/, ""), take, listProtocols);
}

function renameReviewer(button) {
  const { name, reviewer } = stateOf(screening());
  const take = async (to) => {
    const answer = await call("rename_reviewer", { name, reviewer, to });
    if (answer.error) notify(answer);
    else find("#screen-reviewer").value = to;
    beginScreening();
  };
  askName(button.parentElement, reviewer, take, () => screenStep({ act: "show" }));
}

// What is shown of a protocol that has another name now, or none, cannot be decided on any more.
function leaveScreening(name) {
  if (screening()?.dataset.name === name) find("#screened").replaceChildren();
}

// Keys press the buttons that name them, by letter or, on other keyboards, by place.
document.addEventListener("keydown", (event) => {
  if (document.body.dataset.view !== "screen" || find("#view-screen").classList.contains("editing")) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  if (event.key === "Enter" && event.target.matches?.(".decide .reason")) find('.decide [data-label="exclude"]').click();
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const typed = /^[\x21-\x7e]$/.test(event.key) ? event.key : event.code.replace(/^(Key|Digit|Numpad)/, "");
  const button = /^[a-z1-9]$/i.test(typed) && find(`#screened [data-key="${typed.toLowerCase()}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});

find("#screen-reviewer").value = remembered("localStorage", REVIEWER) || "";
