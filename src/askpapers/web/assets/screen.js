// Screening: a protocol is chosen or written, then one paper at a time is decided, by buttons or their keys.
const LONGEST_PROTOCOL = 100_000;
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
  const { name, version } = shown.dataset;
  const state = { name, version, paper: find("[data-screened]", now)?.dataset.screened || "", recheck: isRecheck(now) };
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

const isRecheck = (now) => find(".about-screening", now)?.dataset.recheck === "yes";

async function beginScreening() {
  const how = await run("screen", "#screened", () => ({ name: protocolName, text: find("#screen-text").value }));
  await listProtocols();
  const at = find("#screened [data-name]");
  if (at) chooseProtocol(at.dataset.name);
  if (how === STOPPED) find("#screened").replaceChildren(made("p", "Stopped. What was judged is remembered: Screen goes on.", { class: "note" }));
  if (!screening()) return;
  protocolText = find("#screen-text").value; // it is stored
  find("#view-screen").classList.remove("editing");
  scrollTo(0, 0);
}

async function listProtocols() {
  const answer = await call("protocols");
  if (!answer.error) fill(find("#screen-protocols"), answer.html);
}

function chooseProtocol(name) {
  protocolName = name;
  all("#screen-protocols button").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.name === name)));
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
  "screen-decide": (b) => screenStep({ act: b.dataset.label, reason: b.dataset.reason || "" }),
  "screen-undo": (b) => screenStep({ act: "undo", last: b.dataset.last }),
  "screen-again": (b) => screenStep({ act: "show", recheck: b.dataset.recheck === "yes" }),
  "screen-protocol": () => {
    find("#view-screen").classList.add("editing");
    find("#screen-text").focus();
  },
  "screen-save": async (b) => {
    const { name, version } = screening().dataset;
    saveFile(await call("screening_file", { name, version, kind: b.dataset.kind }));
  },
  "screen-choose": async (b) => {
    if (!mayReplace(b)) return;
    const answer = await call("protocol", { name: b.dataset.name });
    if (answer.error) return notify(answer);
    setProtocol(answer.text);
    chooseProtocol(b.dataset.name);
    beginScreening();
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

// A file is read in the browser: what is screened by is what then stands in the box.
document.addEventListener("change", async (event) => {
  const file = event.target.closest?.("[data-protocol]")?.files[0];
  if (!file) return;
  if (file.size > LONGEST_PROTOCOL) return notify({ error: "The file is too large for a protocol." });
  try {
    setProtocol(new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()));
    chooseProtocol("");
  } catch {
    notify({ error: `${file.name} is not UTF-8 text.`, hint: "Save it as Markdown or plain text." });
  }
  event.target.value = "";
});

// Keys press the buttons that name them, by letter or, on other keyboards, by place.
document.addEventListener("keydown", (event) => {
  if (document.body.dataset.view !== "screen" || find("#view-screen").classList.contains("editing")) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const typed = /^[\x21-\x7e]$/.test(event.key) ? event.key : event.code.replace(/^(Key|Digit|Numpad)/, "");
  const button = /^[a-z1-9]$/i.test(typed) && find(`#screened [data-key="${typed.toLowerCase()}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});
