"use strict";
// All answers are here when the page is: a key shows the next one without asking.
// What is given is sent while the next one is read, and kept here until it is there.

const by = (id) => document.getElementById(id);
const WAIT = 400; // milliseconds without a key after which a comment is sent
const AGAIN = 2000; // milliseconds after which what did not arrive is sent again
const reader = String(Math.random()).slice(2);

let all, groups, kept, at = 0, others = [], timer = null, sending = null, clock = 0;
const waiting = new Map(); // by place, what has still to be sent
const sent = new Map(); // by place, what was sent and perhaps has not arrived

// --- What is given ----------------------------------------------------------------

const given = (group) => ({
  earned: [...group.earned], own: group.own, comment: group.comment,
});

const told = (one) => JSON.stringify([one.earned, one.own, one.comment.trim()]);

function points(one) {
  if (one.own !== null) return one.own;
  if (!all.rubric.length) return null;
  const sum = one.earned.reduce((sum, place) => sum + all.rubric[place].points, 0);
  return Math.round(sum * 100) / 100;
}

function keep() {
  // Whoever closes the page, or whose server has stopped, finds this again.
  const entries = [...waiting].map(([n, one]) => (
    { n, one, html: groups[n].html, version: groups[n].version, sent: sent.get(n) || [] }
  ));
  if (entries.length) localStorage.setItem(kept, JSON.stringify(entries));
  else localStorage.removeItem(kept);
}

function changed(done, now) {
  const group = groups[at];
  group.rival = null;
  group.touched = ++clock;
  if (done) group.read = true;
  waiting.set(at, { ...given(group), done: done || group.read });
  keep();
  clearTimeout(timer);
  if (now) send();
  else timer = setTimeout(send, WAIT);
}

function send() {
  clearTimeout(timer);
  if (!sending) sending = sendAll().finally(() => { sending = null; });
  return sending;
}

async function sendAll() {
  while (waiting.size) {
    const [n, one] = waiting.entries().next().value;
    const body = JSON.stringify({ at: n, version: groups[n].version, ...one });
    sent.set(n, [...(sent.get(n) || []), told(one)]);
    keep();
    let status = 0, answer = {};
    try {
      // Of a page that is being closed the browser still sends it.
      const response = await fetch("give", {
        method: "POST", body, keepalive: true,
        headers: { "Content-Type": "application/json" },
      });
      answer = await response.json();
      status = response.status;
    } catch { /* it is sent again */ }
    if (!status || status >= 500) {
      const why = answer.error || "The program does not answer.";
      trouble(`${why} ${waiting.size} not saved yet; tried again until they are.`);
      setTimeout(send, AGAIN);
      return;
    }
    trouble(answer.error || "");
    arrived(n, one, answer);
    keep();
    if (n === at) showSaved();
    showProgress();
  }
}

function arrived(n, one, answer) {
  const group = groups[n], state = answer.state;
  const ours = state && (sent.get(n) || []).includes(told(state));
  group.touched = ++clock;
  if (!state || answer.entered) {
    if (waiting.get(n) === one) waiting.delete(n);
    if (state) group.version = state.version;
  } else if (ours) { // it had arrived before, and only the answer was lost
    group.version = state.version;
    if (told(state) === told(one) && state.read === one.done) waiting.delete(n);
  } else lost(n, waiting.get(n), state);
  sent.delete(n);
}

function lost(n, mine, theirs) {
  // Somebody else was faster: theirs stands, until ours is chosen.
  waiting.delete(n);
  const same = told(theirs) === told(mine);
  Object.assign(groups[n], theirs, { rival: same ? null : mine });
  if (n === at) show();
  else if (!same) trouble(`Somebody else has read answer ${n + 1} meanwhile: look at it.`);
}

// --- What is shown ----------------------------------------------------------------

function show() {
  const group = groups[at];
  by("place").textContent = `Answer ${at + 1} of ${groups.length}`;
  const many = group.count > 1 ? `${group.count} alike` : "";
  by("names").textContent = [many, group.names.join(", ")].filter(Boolean).join(": ");
  by("text").innerHTML = group.html; // made of escaped text by the server
  by("near").hidden = !group.near;
  if (group.near) {
    const element = { same: "span", gone: "del", new: "ins" };
    by("differs").replaceChildren(...group.near.flatMap(([what, words]) => {
      const one = document.createElement(element[what]);
      one.className = what;
      one.textContent = words;
      return [one, " "];
    }));
  }
  by("comment").value = group.comment;
  by("own").value = group.own === null ? "" : group.own;
  showUsed();
  showGiven();
  showSaved();
}

function showGiven() {
  const group = groups[at], sum = points(group);
  by("rubric").querySelectorAll("input").forEach((box, place) => {
    box.checked = group.earned.includes(place);
  });
  by("sum").textContent = `${sum === null ? "–" : sum} of ${all.points}`;
  by("state").textContent = group.read ? "✓ read" : "not read yet";
  by("state").className = group.read ? "read" : "soft";
  by("rival").hidden = !group.rival;
  if (group.rival) {
    const theirs = `Somebody else has given ${points(group)} meanwhile`;
    const words = group.comment ? `, with “${group.comment}”` : "";
    by("theirs").textContent = `${theirs}${words}; you gave ${points(group.rival)}.`;
  }
}

function showSaved() {
  const group = groups[at];
  const given = group.read || group.earned.length || group.comment;
  let words = given ? "Saved." : "";
  if (group.mixed) words = "Those alike have different points; saving makes them equal.";
  if (waiting.has(at)) words = "Saving …";
  by("saved").textContent = words;
}

function showProgress() {
  const count = (these) => these.reduce((sum, group) => sum + group.count, 0);
  const read = count(groups.filter((group) => group.read)), every = count(groups);
  const idle = all.idle ? `, ${all.idle} wrote nothing` : "";
  by("progress").textContent = `${read} of ${every} answers read${idle}`;
  by("bar").value = every ? read / every : 1;
}

function comments() {
  // The most used first; what the answer has already is not offered.
  const times = new Map();
  for (const group of groups) {
    const text = group.comment.trim();
    if (text) times.set(text, (times.get(text) || 0) + group.count);
  }
  const here = by("comment").value;
  const found = [...times].sort((one, other) => other[1] - one[1]).map(([text]) => text);
  return found.filter((text) => !here.includes(text)).slice(0, 9);
}

function showUsed() {
  by("used").replaceChildren(...comments().map((text, n) => {
    const button = document.createElement("button"), key = document.createElement("kbd");
    key.textContent = `⇧${n + 1}`;
    button.type = "button";
    button.append(key, ` ${text}`);
    button.addEventListener("click", () => addComment(n));
    return button;
  }));
}

function trouble(text) {
  by("trouble").textContent = text;
  by("trouble").hidden = !text;
}

// --- What is done -----------------------------------------------------------------

function go(n) {
  if (n < 0 || n >= groups.length) return;
  at = n;
  show();
  by("place").focus({ preventScroll: true });
  look();
}

async function look() {
  const here = JSON.stringify({ reader, at }), asked = clock;
  try {
    const answer = await fetch("look", {
      method: "POST", body: here, headers: { "Content-Type": "application/json" },
    });
    if (!answer.ok) return;
    const found = await answer.json();
    others = found.others;
    found.states.forEach((state, n) => {
      if (waiting.has(n) || groups[n].touched > asked || groups[n].rival) return;
      if (groups[n].version === state.version) return;
      Object.assign(groups[n], state);
      if (n === at && document.activeElement !== by("comment")) show();
    });
    showProgress();
  } catch { /* what is given is sent again; where others are is not that important */ }
}

function unread(from) {
  const places = groups.map((_, n) => (from + n) % groups.length);
  const left = places.filter((n) => !groups[n].read);
  return left.find((n) => !others.includes(n)) ?? left[0];
}

function saveAndNext() {
  if (points(groups[at]) === null) {
    trouble("Give points first: press p, and a number.");
    return;
  }
  changed(true, true);
  showProgress();
  const next = unread(at + 1);
  if (next === undefined) {
    show();
    trouble("All answers are read.");
  } else go(next);
}

function toggle(place) {
  const group = groups[at];
  if (!all.rubric.length) {
    if (place + 1 <= all.points) setOwn(place + 1);
    return;
  }
  if (place >= all.rubric.length) return;
  const earned = new Set(group.earned);
  if (!earned.delete(place)) earned.add(place);
  group.earned = [...earned].sort();
  group.own = null;
  by("own").value = "";
  changed(false, true);
  showGiven();
  showSaved();
}

function setOwn(value) {
  groups[at].own = value;
  by("own").value = value === null ? "" : value;
  changed(false, false);
  showGiven();
}

function addComment(n) {
  const text = comments()[n];
  if (text === undefined) return;
  const group = groups[at];
  group.comment = [group.comment.trim(), text].filter(Boolean).join("\n\n");
  changed(false, true);
  show();
}

function likeBefore() {
  if (!at) return;
  Object.assign(groups[at], given(groups[at - 1]));
  changed(false, true);
  show();
}

function useMine() {
  const group = groups[at], mine = group.rival;
  Object.assign(group, given(mine));
  changed(mine.done, true);
  show();
}

const KEYS = {
  Enter: saveAndNext,
  ArrowRight: () => go(at + 1),
  ArrowLeft: () => go(at - 1),
  c: () => by("comment").focus(),
  p: () => by("own").focus(),
  u: () => { const n = unread(0); if (n !== undefined) go(n); },
  "=": likeBefore,
};

document.addEventListener("keydown", (event) => {
  if (!groups || event.altKey || event.isComposing) return;
  const where = event.target.tagName, typed = where === "TEXTAREA" || event.target === by("own");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    saveAndNext();
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  if (typed) {
    if (event.key === "Escape" || (event.key === "Enter" && where !== "TEXTAREA")) {
      event.preventDefault();
      by("place").focus({ preventScroll: true });
      if (event.key === "Enter") saveAndNext();
    }
    return;
  }
  if (event.key === "Enter" && ["BUTTON", "SUMMARY", "A"].includes(where)) return;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  const act = digit
    ? () => (event.shiftKey ? addComment : toggle)(digit[1] - 1)
    : KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

by("comment").addEventListener("input", () => {
  groups[at].comment = by("comment").value;
  changed(false, false);
  showSaved();
});
by("own").addEventListener("input", () => {
  const value = by("own").value.trim();
  const number = value === "" ? null : Number(value.replace(",", "."));
  if (number === null || (number >= 0 && number <= all.points)) {
    trouble("");
    groups[at].own = number;
    changed(false, false);
    showGiven();
  } else trouble(`Give 0 to ${all.points} points.`);
});
document.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  saveAndNext();
});
by("back").addEventListener("click", () => go(at - 1));
by("onward").addEventListener("click", () => go(at + 1));
by("unread").addEventListener("click", KEYS.u);
by("mine").addEventListener("click", useMine);
addEventListener("pagehide", () => { if (groups && waiting.size) send(); });

// --- The beginning ----------------------------------------------------------------

function restore() {
  const entries = JSON.parse(localStorage.getItem(kept) || "[]");
  for (const { n, one, html, version, sent: before } of entries) {
    if (!groups[n] || groups[n].html !== html) continue;
    Object.assign(groups[n], given(one), { read: one.done, version });
    waiting.set(n, one);
    sent.set(n, before);
  }
}

async function begin() {
  all = await (await fetch("everything")).json();
  if (all.error) {
    trouble(all.error);
    return;
  }
  groups = all.groups.map((group) => ({ ...group, rival: null, touched: 0 }));
  kept = `${all.chapter}/${all.name}`;
  restore();
  document.title = `${all.name}: reading answers`;
  by("title").textContent = `${all.chapter}, ${all.name}`;
  by("model").innerHTML = all.model || "There is none.";
  by("question").innerHTML = all.question;
  by("own").max = all.points;
  by("rubric").replaceChildren(...all.rubric.map((one, place) => {
    const label = document.createElement("label"), box = document.createElement("input");
    const key = document.createElement("kbd"), text = document.createElement("span");
    const worth = document.createElement("span");
    box.type = "checkbox";
    box.addEventListener("change", () => toggle(place));
    key.textContent = place + 1;
    text.innerHTML = one.text;
    worth.textContent = one.points;
    worth.className = "points";
    label.append(box, key, text, worth);
    return label;
  }));
  if (!groups.length) {
    trouble("Nobody has written an answer that is graded.");
    return;
  }
  document.querySelector("main").hidden = false;
  showProgress();
  go(unread(0) ?? 0);
  if (waiting.size) send();
}

begin();
