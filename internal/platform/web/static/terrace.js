// Improves pages that work without it: suggestions for places, keys in lists, chosen columns.
"use strict";

// A field with data-suggest asks the server while typing and offers what it finds.
function suggest(input) {
  const list = document.createElement("ul");
  list.className = "suggest";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  input.parentElement.classList.add("suggesting");
  input.after(list);
  let asked = 0, timer = 0, at = -1;
  const close = () => { list.hidden = true; at = -1; };
  const choose = (item) => {
    const href = item.dataset.href;
    if (input.closest(".find") && href) { location.href = href; return; }
    input.value = item.dataset.value;
    close();
  };
  const mark = (to) => {
    const items = [...list.children];
    if (!items.length) return;
    at = (to + items.length) % items.length;
    items.forEach((li, i) => li.setAttribute("aria-selected", String(i === at)));
    items[at].scrollIntoView({ block: "nearest" });
  };
  const ask = async () => {
    const mine = ++asked, text = input.value.trim();
    if (!text) { close(); return; }
    const answer = await fetch(input.dataset.suggest + "?q=" + encodeURIComponent(text));
    if (!answer.ok || mine !== asked) return;
    const found = await answer.json();
    list.replaceChildren(...(found.places || []).map((p) => {
      const li = document.createElement("li"), small = document.createElement("small");
      li.setAttribute("role", "option");
      li.dataset.value = p.code || p.id;
      li.dataset.href = p.href;
      li.textContent = p.name;
      small.textContent = p.path;
      li.append(small);
      li.addEventListener("mousedown", (e) => { e.preventDefault(); choose(li); });
      return li;
    }));
    list.hidden = list.children.length === 0;
    at = -1;
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (e) => {
    if (e.key === "ArrowDown") { mark(at + 1); e.preventDefault(); }
    else if (e.key === "ArrowUp") { mark(at - 1); e.preventDefault(); }
    else if (e.key === "Escape") close();
    else if (e.key === "Enter" && at >= 0 && !list.hidden) { choose(list.children[at]); e.preventDefault(); }
  });
}

// In a list j and k walk the rows, Enter opens the first link of one, x picks it.
function keys(table) {
  const rows = [...table.tBodies[0].rows];
  let at = -1;
  document.addEventListener("keydown", (e) => {
    if (e.target.closest("input, select, textarea") || e.ctrlKey || e.metaKey || e.altKey) return;
    const step = { j: 1, k: -1 }[e.key];
    if (step) {
      if (at >= 0) rows[at].classList.remove("current");
      at = Math.max(0, Math.min(rows.length - 1, at + step));
      rows[at].classList.add("current");
      rows[at].scrollIntoView({ block: "nearest" });
    } else if (e.key === "Enter" && at >= 0) {
      const link = rows[at].querySelector("a");
      if (link) link.click();
    } else if (e.key === "x" && at >= 0) {
      const box = rows[at].querySelector("input[type=checkbox]");
      if (box) box.checked = !box.checked;
    }
  });
}

function columns(details) {
  details.addEventListener("change", () => {
    const shown = [...details.querySelectorAll("input:checked")].map((box) => box.dataset.column);
    const address = new URL(location.href);
    address.searchParams.set("columns", shown.join(","));
    location.href = address;
  });
}

// Draws the chart whose options stand in a script element of type application/json inside it.
function chart(element) {
  const options = JSON.parse(element.querySelector("script").textContent);
  const style = getComputedStyle(document.documentElement);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  options.color = options.color || [style.getPropertyValue("--accent").trim()];
  options.animation = !still;
  options.aria = { enabled: true };
  const drawn = globalThis.echarts.init(element.appendChild(Object.assign(document.createElement("div"), { className: "chart" })), null, { renderer: "svg" });
  drawn.setOption(options);
  addEventListener("resize", () => drawn.resize());
}

// A button with data-locate fills the fields latitude and longitude of its form with where the device
// is, in degrees with six places. It stays hidden where the device cannot tell.
function locate(button) {
  if (!navigator.geolocation) return;
  const line = button.closest("[hidden]"), said = line.querySelector("[role=status]");
  line.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    said.textContent = "…";
    const fill = (name, degrees) => { button.form.elements[name].value = degrees.toFixed(6); };
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      fill("latitude", coords.latitude);
      fill("longitude", coords.longitude);
      said.textContent = "± " + Math.round(coords.accuracy) + " m";
      button.disabled = false;
    }, () => {
      said.textContent = button.dataset.failed;
      button.disabled = false;
    }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 10000 });
  });
}

function improve(root) {
  root.querySelectorAll("[data-suggest]").forEach(suggest);
  root.querySelectorAll("table[data-keys]").forEach(keys);
  root.querySelectorAll("details.columns").forEach(columns);
  root.querySelectorAll("input[data-all]").forEach((box) => box.addEventListener("change", () => {
    box.closest("table").querySelectorAll("tbody input[type=checkbox]").forEach((b) => { b.checked = box.checked; });
  }));
  root.querySelectorAll("[data-locate]").forEach(locate);
  root.querySelectorAll("[data-print]").forEach((b) => b.addEventListener("click", () => print()));
  if (globalThis.echarts) root.querySelectorAll("[data-chart]").forEach(chart);
  if (innerWidth <= 760) root.querySelectorAll(".menu details").forEach((d) => { d.open = false; });
}
addEventListener("DOMContentLoaded", () => improve(document));
