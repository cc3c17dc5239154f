// The sources panel and the quotes that show under a citation number.
const paper = find("#paper");
const nothingOpen = [...paper.childNodes];
const wide = matchMedia("(min-width: 1021px)");
let opener = null;
let opening = null; // what was asked for last: what comes late for another is not shown

async function openSource(from, quietly = false) {
  opening = from;
  const { open, start, end, quote } = from.dataset;
  const answer = await call("source", { paper: open, start: Number(start || 0), end: Number(end || 0), quote: quote || "" });
  if (opening !== from) return;
  if (answer.error) return notify(answer);
  opener = quietly ? null : from;
  fill(paper, answer.html);
  document.body.classList.add("has-source");
  document.body.classList.toggle("source-open", !quietly);
  const mark = find("mark", paper);
  if (!quietly) (mark || paper).focus({ preventScroll: true });
  paper.scrollTop = 0;
  if (!mark) return;
  const [shown, lit] = [paper.getBoundingClientRect(), mark.getBoundingClientRect()];
  if (lit.bottom > shown.bottom - 20) paper.scrollTop = lit.top - shown.top - shown.height / 3; // and nothing around it moves
}

// Beside an answer there is always a source; a table or a check has the whole width again.
function closeSource() {
  const from = opener;
  if (document.body.dataset.view === "ask") document.body.classList.remove("source-open");
  else clearSource();
  if (from?.isConnected) from.focus();
  opener = null;
}

// Where there is room beside the answer, its first source stands there without a click; the focus stays where it is.
function openBeside(from) {
  if (from && wide.matches) openSource(from, true);
}

function openLastSource() {
  if (document.body.dataset.view === "ask" && turns.lastElementChild) openBeside(find("[data-open]", turns.lastElementChild));
}

// What stands beside an answer is of that answer.
function clearSource() {
  opening = opener = null;
  document.body.classList.remove("source-open", "has-source");
  paper.replaceChildren(...nothingOpen);
}

function placeTip(number) {
  const tip = document.getElementById(number.getAttribute("aria-describedby"));
  if (!tip) return;
  const at = number.getBoundingClientRect();
  tip.classList.add("shown");
  const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
  tip.style.left = `${Math.max(8, Math.min(at.left, room))}px`;
  const below = at.bottom + 6; // what was just read stays readable
  const fits = below + tip.offsetHeight < window.innerHeight - 8;
  tip.style.top = `${fits ? below : Math.max(8, at.top - tip.offsetHeight - 6)}px`;
}

const hideTips = () => all(".tip.shown").forEach((tip) => tip.classList.remove("shown"));

for (const [shows, hides] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(shows, (event) => {
    const number = event.target.closest?.(".cite");
    if (number) hideTips(), placeTip(number);
  });
  document.addEventListener(hides, (event) => event.target.closest?.(".cite") && hideTips());
}
document.addEventListener("scroll", hideTips, true);
