package plaintext

import (
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// hledger writes a journal for hledger (1.25 and later).
type hledger struct {
	*printer
	journal Journal
	names   map[string]account
}

// hledgerTypes are the account types of hledger. Costs of production are stock that is not
// finished.
var hledgerTypes = map[book.Class]string{book.Asset: "A", book.Liability: "L", book.Equity: "E",
	book.Cost: "A", book.Income: "R", book.Expense: "X"}

// hledgerSigns are signs that mean something to hledger somewhere in a line, and their twins that
// do not.
var hledgerSigns = strings.NewReplacer(";", "；", ":", "：", "|", "｜", ",", "，", "[", "［", "]", "］", "(", "（",
	")", "）", "*", "＊", "!", "！", "=", "＝", "@", "＠", "#", "＃", "%", "％", "{", "｛", "}", "｝", `"`, "＂")

func hledgerText(text string) string { return oneLine(hledgerSigns.Replace(text)) }

func hledgerName(l words.Language, a book.Account) string {
	return classWords[a.Class].In(l) + ":" + strings.TrimSpace(hledgerText(a.Code)+" "+
		hledgerText(a.Name.In(l)))
}

// account is the full name of an account or of its detail.
func (h *hledger) account(code, counterparty string) string {
	a := of(h.names, code, hledgerName)
	if detail := a.detail(h.journal.Language, counterparty); detail != "" {
		return a.name + ":" + detail
	}
	return a.name
}

func (h *hledger) write() {
	j := h.journal
	h.line("; %s", hledgerText(j.Organisation))
	h.line("; %s", hledgerText(j.Chart))
	h.line("; %s - %s", j.From, j.To)
	h.line("")
	h.line("decimal-mark .")
	h.line("commodity 1000.00 %s", Currency)
	h.line("")
	for _, a := range j.Accounts {
		h.line("account %s  ; type: %s", h.names[a.Code].name, hledgerTypes[a.Class])
	}
	h.opening()
	if j.Vouchers == nil {
		return
	}
	for v, err := range j.Vouchers {
		if err != nil {
			h.fail(err)
		} else {
			h.voucher(v)
		}
		if h.err != nil {
			return
		}
	}
}

func (h *hledger) opening() {
	list := opening(h.journal)
	if len(list) == 0 {
		return
	}
	if err := tied(openingWord.English, balanceAmounts(list)); err != nil {
		h.fail(err)
		return
	}
	l := h.journal.Language
	h.line("")
	h.line("%s * (%s) %s", h.journal.From, openingCode.In(l), openingWord.In(l))
	for _, b := range list {
		h.posting(book.Posting{Account: b.Account, Amount: b.Amount,
			Dimensions: book.Dimensions{Counterparty: b.Counterparty}})
	}
}

func (h *hledger) voucher(v Voucher) {
	if err := tied(v.Number+" "+string(v.Date), amountsOf(v.Postings)); err != nil {
		h.fail(err)
		return
	}
	h.line("")
	h.line("%s", strings.TrimRight(string(v.Date)+" * ("+hledgerText(v.Number)+") "+hledgerText(v.Summary),
		" "))
	for _, f := range given([]fact{{"source", v.Source}, {"reverses", v.Reverses}}) {
		h.line("    ; %s: %s", f.name, hledgerText(f.value))
	}
	for _, p := range v.Postings {
		h.posting(p)
	}
}

// posting writes a line. Two blanks end the name of an account.
func (h *hledger) posting(p book.Posting) {
	name := h.account(p.Account, p.Counterparty)
	var about []string
	for _, f := range facts(p, !h.names[p.Account].PerDetail()) {
		about = append(about, f.name+": "+hledgerText(f.value))
	}
	if note := hledgerText(p.Note); note != "" {
		about = append(about, "note: "+note)
	}
	text := "    " + name + "  " + p.Amount.Plain() + " " + Currency
	if len(about) > 0 {
		text += "  ; " + strings.Join(about, ", ")
	}
	h.line("%s", text)
}

// detail is the name of the account's part that a counterparty has; "" on accounts that are not
// kept so.
func (a account) detail(l words.Language, counterparty string) string {
	if !a.PerDetail() {
		return ""
	}
	for _, d := range a.Details {
		if d.Code == counterparty {
			return hledgerText(d.Name.In(l))
		}
	}
	return hledgerText(counterparty)
}
