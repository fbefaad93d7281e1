// Makes the grid of a voucher quick by keyboard. Without it the page works with buttons.
"use strict";

function voucher(form) {
  const body = form.querySelector("tbody"), accounts = form.querySelector("#accounts");
  const output = form.querySelector("[data-balance]"), leveller = form.querySelector("[data-level]");
  const cells = () => [...body.querySelectorAll("input")].filter((i) => !i.closest("details:not([open])"));

  // Amounts are counted in whole fen; what cannot be read counts as nothing.
  const fen = (text) => {
    const m = /^([-−]?)(\d*)(?:\.(\d{0,2})0*)?$/.exec(text.replace(/[\s,，]/g, ""));
    if (!m || !(m[2] || m[3])) return 0n;
    const n = BigInt(m[2] || "0") * 100n + BigInt(((m[3] || "") + "00").slice(0, 2));
    return m[1] ? -n : n;
  };
  const yuan = (n) => {
    const sign = n < 0n ? "-" : "", text = (n < 0n ? -n : n).toString().padStart(3, "0");
    return sign + text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",") + "." + text.slice(-2);
  };
  const plain = (n) => yuan(n).replaceAll(",", "");
  const sum = (name) => [...body.querySelectorAll(`[name=${name}]`)].reduce((s, i) => s + fen(i.value), 0n);

  function add() {
    const debit = sum("debit"), credit = sum("credit"), odd = debit - credit;
    form.querySelector("[data-sum=debit]").textContent = yuan(debit);
    form.querySelector("[data-sum=credit]").textContent = yuan(credit);
    const empty = !debit && !credit;
    output.textContent = empty ? "" : odd ? output.dataset.odd + " " + yuan(odd) : output.dataset.even;
    output.className = empty ? "" : odd ? "status due" : "status done";
    leveller.hidden = !odd;
  }

  // A code, the beginning of pinyin or a part of a name becomes the account, if it means one alone.
  function complete(input) {
    const text = input.value.trim().toLowerCase();
    if (!text) return;
    const all = [...accounts.options];
    if (all.some((o) => o.value.toLowerCase() === text)) return;
    const code = all.filter((o) => o.value.split(" ")[0] === text);
    const begin = all.filter((o) => o.value.startsWith(text) || o.label.toLowerCase().split(" ").some((w) => w.startsWith(text)));
    const within = all.filter((o) => (o.value + " " + o.label).toLowerCase().includes(text));
    const found = [code, begin, within].find((list) => list.length);
    if (found && found.length === 1) input.value = found[0].value;
  }

  function more() {
    const last = body.rows[body.rows.length - 1], row = last.cloneNode(true);
    row.querySelectorAll("input").forEach((i) => { i.value = ""; i.removeAttribute("aria-invalid"); i.placeholder = ""; });
    row.querySelectorAll(".error").forEach((e) => e.remove());
    row.querySelector("details").open = false;
    const n = body.rows.length + 1;
    row.querySelector("th").textContent = n;
    row.querySelectorAll("input").forEach((i) => i.setAttribute("aria-label", i.getAttribute("aria-label").replace(/\d+$/, n)));
    body.append(row);
    return row;
  }

  // In an amount "=" puts what is missing to balance the voucher.
  function level(input) {
    input.value = "";
    const odd = sum("debit") - sum("credit");
    input.value = plain(input.name === "debit" ? -odd : odd);
    add();
  }

  // For a phone, whose keys for amounts have no "=": into the line that has an account and no amount yet.
  function fill() {
    const odd = sum("debit") - sum("credit"), name = odd < 0n ? "debit" : "credit";
    const of = (row, field) => row.querySelector(`[name=${field}]`);
    const row = [...body.rows].find((r) => of(r, "account").value.trim() && !of(r, "debit").value.trim() && !of(r, "credit").value.trim()) ||
      [...body.rows].find((r) => !of(r, "account").value.trim()) || more();
    level(of(row, name));
    of(row, of(row, "account").value.trim() ? name : "account").focus();
  }

  // Whether the account of a line wants a counterparty.
  const detailed = (row) => {
    const text = row.querySelector("[name=account]").value;
    return [...accounts.options].some((o) => o.value === text && o.dataset.detail);
  };

  leveller.addEventListener("click", fill);
  body.addEventListener("input", add);
  body.addEventListener("beforeinput", (e) => {
    if (e.data !== "=" && e.data !== "＝" || !["debit", "credit"].includes(e.target.name)) return;
    e.preventDefault();
    level(e.target);
  });
  body.addEventListener("change", (e) => { if (e.target.name === "account") complete(e.target); });
  form.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      form.requestSubmit(form.querySelector(e.shiftKey ? "[value=next]" : "[data-save]") || undefined);
      return;
    }
    const input = e.target;
    if (input.tagName !== "INPUT" && input.tagName !== "SELECT") return;
    if (e.key !== "Enter" || e.isComposing || e.altKey) return;
    e.preventDefault();
    if (input.name === "account") complete(input);
    const all = [...form.querySelectorAll(".voucher-head input, .voucher-head select"), ...cells()];
    let next = all[all.indexOf(input) + 1];
    // After its amount a line is done, unless its account wants a counterparty.
    const row = input.closest("tbody tr");
    if (row && ["debit", "credit"].includes(input.name) && input.value.trim()) {
      next = row.querySelector("[name=counterparty]");
      if (!detailed(row)) next = (row.nextElementSibling || more()).querySelector("input");
    }
    // In balance, an empty line means that the voucher is done.
    if (input.name === "account" && !input.value.trim() && sum("debit") && !(sum("debit") - sum("credit"))) {
      next = form.querySelector("[data-save]");
    }
    if (!next) next = more().querySelector("input");
    next.focus();
    if (next.select) next.select();
  });
  form.addEventListener("keypress", (e) => { if (e.key === "Enter" && e.target.tagName === "INPUT") e.preventDefault(); });
  form.querySelector("[data-more]").addEventListener("click", (e) => { e.preventDefault(); more().querySelector("input").focus(); });
  add();
  const wrong = form.querySelector("[aria-invalid]");
  if (wrong) wrong.focus();
}
addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("form[data-voucher]").forEach(voucher);
  document.querySelectorAll("select[data-submit]").forEach((s) => s.addEventListener("change", () => s.form.requestSubmit()));
});
