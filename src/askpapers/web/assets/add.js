// Adding papers and checking a draft: files that were chosen and text that was pasted; and the list of papers.
let adding = ""; // the name of the addition under way

async function addPapers(look) {
  adding = freshName();
  const name = adding;
  const how = await run("add", "#added", async () => {
    const files = await sendFiles("upload");
    return files.error ? files : { name, files, pasted: find("#paste").value, look };
  });
  if (look || how) return;
  forgetFiles("upload");
  if (find("#added .results") && !find("#added .no")) find("#paste").value = ""; // what was not added can be mended
  listAdded();
}

async function listAdded() {
  const answer = await call("added_before");
  if (!answer.error) fill(find("#added-before"), answer.html);
}

// The server says what came of it: it may have been done already.
const cancelAdding = () => (atWork.add?.done ? call("cancel_adding", { name: adding }) : atWork.add?.stop());

async function removeAdded(button) {
  if (!isSure(button)) return;
  button.disabled = true;
  const answer = await call("remove_added", { file: button.dataset.file });
  if (answer.error) return notify(answer);
  await listAdded();
  button.closest(".results li")?.replaceChildren("Removed.");
  notify({ done: "Removed." });
  find("#upload input").focus(); // the button that had the focus is gone
}

const checkDraft = () =>
  run("check", "#checked", async () => {
    const files = await sendFiles("draft-file");
    return files.error ? files : { files, pasted: find("#draft-text").value };
  });

// The list of papers, so many pages long. What comes late for other words is not shown.
let browsing = 0;
let pages = 1;

async function browse(wanted = 1) {
  const mine = ++browsing;
  const boxes = Object.fromEntries(["words", "since", "until", "author", "venue", "tag"].map((name) => [name, find(`#browse-${name}`).value]));
  const answer = await call("browse", { ...boxes, pages: wanted });
  if (browsing !== mine) return;
  pages = wanted;
  if (answer.error) find("#found").replaceChildren(failure(answer));
  else fill(find("#found"), answer.html);
  find("#more-papers").hidden = !answer.more;
}

find("#browse").addEventListener("input", () => {
  const mine = ++browsing;
  setTimeout(() => browsing === mine && browse(), 150); // not for each letter
});
