// The server: calls that answer at once, work that streams through Gradio's queue, files that are sent.
const base = new URL(".", location.href).pathname; // of this collection, behind whatever proxy
const LOST = { error: "The server cannot be reached.", hint: "Is it still running?" };
const FULL = { error: "The server cannot take this now.", hint: "Try again in a moment." };
const STOPPED = "stopped";
const LARGEST_FILE = 20_000_000; // bytes; the server takes no larger one

async function send(path, body, type = "application/json") {
  try {
    const response = await fetch(base + path, { method: "POST", body, headers: { "content-type": type } });
    return await response.json();
  } catch {
    return LOST;
  }
}

const call = (name, value = {}) => send(`page/${name}`, JSON.stringify(value));

// Begins an event of the queue and shows its updates as they come. `done` gives nothing, why it failed, or STOPPED.
// When its reader leaves, the server ends the work: to stop is to stop reading.
function stream(name, value, show) {
  let source, end;
  let stopped = false;
  const done = new Promise((resolve) => {
    end = (how) => {
      source?.close();
      resolve(how);
    };
  });
  send(`gradio_api/call/${name}`, JSON.stringify({ data: [value] })).then((begun) => {
    if (!begun.event_id) return end(begun.error ? begun : FULL);
    const address = `${base}gradio_api/call/${name}/${begun.event_id}`;
    if (stopped) return fetch(address).then((response) => response.body.cancel(), () => {});
    source = new EventSource(address);
    source.addEventListener("generating", (event) => show(JSON.parse(event.data)[0]));
    source.addEventListener("complete", () => end());
    source.addEventListener("error", () => end(LOST));
  });
  const stop = () => {
    stopped = true;
    end(STOPPED);
  };
  return { done, stop };
}

const atWork = {}; // what a view does just now

// One piece of work of a view at a time, shown in a place of the page. Gives nothing, why it failed, or STOPPED.
async function run(name, place, value) {
  if (atWork[name] && !find(`${place} .doing`)) await atWork[name].done; // its result is shown: it ends in a moment
  if (atWork[name]) return STOPPED;
  atWork[name] = { stop: () => (atWork[name].stopped = true) }; // until it has begun
  const began = atWork[name];
  find(place).replaceChildren(made("p", "Waiting …", { class: "doing", role: "status" }));
  const sent = await value();
  let how = began.stopped ? STOPPED : sent.error ? sent : undefined;
  if (!how) {
    atWork[name] = stream(name, sent, ({ html }) => fill(find(place), html));
    how = await atWork[name].done;
  }
  delete atWork[name];
  if (how) find(place).replaceChildren(...(how.error ? [failure(how)] : []));
  return how;
}

// Why there is nothing to show: it stays in the place of it until that is tried again.
function failure({ error, hint = "" }) {
  const shown = made("div", "", { class: "failed", role: "alert" });
  shown.append(made("p", error, { class: "what" }), made("p", hint));
  return shown;
}

// The only way in for markup: it is made by the server, where every text is escaped.
function fill(place, html) {
  place.innerHTML = html;
}

// Files wait in the browser until they are used: they are sent then, and the server removes them after it.
const chosenFiles = {};

document.addEventListener("change", (event) => {
  const list = event.target.closest?.(".files");
  if (!list || event.target.type !== "file") return;
  for (const file of event.target.files)
    if (file.size > LARGEST_FILE) notify({ error: `${file.name} is larger than ${LARGEST_FILE / 1_000_000} MB.`, hint: "Put it into the folder of the corpus yourself." });
    else (chosenFiles[list.id] ||= []).push(file);
  event.target.value = ""; // the same one can be chosen again
  listFiles(list.id);
});

function listFiles(id) {
  const rows = (chosenFiles[id] || []).map((file, place) => {
    const row = made("li", `${file.name} `, { dir: "auto" });
    const size = made("span", `${Math.ceil(file.size / 1000).toLocaleString("en")} kB`, { class: "facts" });
    row.append(size, made("button", "✕", { type: "button", "data-act": "drop-file", "data-list": id, "data-place": place, "aria-label": `Remove this file: ${file.name}` }));
    return row;
  });
  find(`#${id} ul`).replaceChildren(...rows);
}

function forgetFiles(id) {
  delete chosenFiles[id];
  listFiles(id);
}

// The keys of the chosen files once they are sent, or why one was not taken.
async function sendFiles(id) {
  const keys = [];
  for (const file of chosenFiles[id] || []) {
    const answer = await send(`upload?name=${encodeURIComponent(file.name.slice(-200))}`, file, "application/octet-stream");
    if (answer.error) return answer;
    keys.push(answer.key);
  }
  return keys;
}
