// Filters the questions; without it the page shows all of them.
"use strict";
const form = document.querySelector("form.filter");
const cards = [...document.querySelectorAll(".question")];
const shown = form.querySelector("output");

function matches(card) {
  const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const text = card.textContent.toLowerCase();
  const outcome = form.elements.outcome.value;
  return words.every((word) => text.includes(word))
    && ["suite", "intent"].every((name) => !form.elements[name].value || card.dataset[name] === form.elements[name].value)
    && (!outcome || card.dataset.outcome.split(" ").includes(outcome));
}

function filter() {
  let count = 0;
  for (const card of cards) {
    const fits = matches(card);
    card.hidden = !fits;
    count += fits;
  }
  shown.textContent = `${count} of ${cards.length} questions`;
}

function openNamed() {
  const card = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (card && card.classList.contains("question")) {
    card.hidden = false;
    card.open = true;
    card.scrollIntoView();
  }
}

form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", openNamed);
filter();
openNamed();
