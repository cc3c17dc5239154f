// Conversations, kept in this browser. Nothing here makes markup: what is kept is JSON, the server renders it.
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const corpus = find("#corpus").dataset.corpus;
const KEY = `askpapers:${corpus}`;
const MOST_STORED = 50;
const freshName = () => "t" + Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, "0")).join("");

function made(tag, text, fields = {}) {
  const node = document.createElement(tag);
  node.textContent = text;
  for (const [name, value] of Object.entries(fields)) node.setAttribute(name, value);
  return node;
}

// A browser may forbid a page to store anything: then nothing is remembered, and all else works.
function remember(area, key, value) {
  try {
    window[area].setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

function remembered(area, key) {
  try {
    return window[area].getItem(key);
  } catch {
    return null;
  }
}

function storedConversations() {
  try {
    const read = JSON.parse(remembered("localStorage", KEY) || "[]");
    return Array.isArray(read) ? read.filter((c) => c && typeof c.id === "string" && Array.isArray(c.turns)) : [];
  } catch {
    return [];
  }
}

// Read anew before each write: another tab may have written. The oldest go where there is no room.
function storeConversation(conversation) {
  let others = storedConversations().filter((c) => c.id !== conversation.id);
  const fresh = conversation.turns.length ? [conversation] : [];
  while (!remember("localStorage", KEY, JSON.stringify([...fresh, ...others].slice(0, MOST_STORED)))) {
    if (!others.length) return false;
    others = others.slice(0, -1);
  }
  return true;
}

function forget(id) {
  remember("localStorage", KEY, JSON.stringify(storedConversations().filter((c) => c.id !== id)));
}

const newConversation = () => ({ id: freshName(), title: "", time: new Date().toISOString(), turns: [] });
