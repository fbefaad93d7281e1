package statement

import (
	"cmp"
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// label is where a label of a fact stands in a text.
type label struct {
	part     Part
	from, to int
}

// readFacts reads what a row outside the table says: 户名：天台村股份经济合作社　账号：6222…. It reports
// whether it said anything.
func (r *reader) readFacts(row Row) bool {
	found := false
	for i, c := range row.Cells {
		if c.Merged {
			continue
		}
		text := strings.TrimSpace(decimal.Normal(c.Text))
		labels := r.labels(text)
		for n, l := range labels {
			end := len(text)
			if n+1 < len(labels) {
				end = labels[n+1].from
			}
			value := strings.Trim(text[l.to:end], " :\t;,，；、")
			if value == "" && n+1 == len(labels) {
				value = r.nextValue(row.Cells[i+1:])
			}
			if value != "" {
				found = true
				r.fact(l.part, value, row.Number)
			}
		}
	}
	return found
}

// nextValue is the next cell that is no label itself.
func (r *reader) nextValue(cells []Cell) string {
	for _, c := range cells {
		text := strings.TrimSpace(decimal.Normal(c.Text))
		if text == "" || c.Merged {
			continue
		}
		if len(r.labels(text)) > 0 {
			return ""
		}
		return text
	}
	return ""
}

// labels finds the labels in a text: followed by a colon, or all there is.
func (r *reader) labels(text string) []label {
	var all []label
	lower := strings.ToLower(text)
	for _, part := range factParts {
		for _, word := range r.format.Facts[part] {
			word = strings.ToLower(strings.TrimSpace(decimal.Normal(word)))
			if word == "" {
				continue
			}
			if lower == word {
				return []label{{part, 0, len(text)}}
			}
			for from := 0; ; {
				at := strings.Index(lower[from:], word)
				if at < 0 {
					break
				}
				at += from
				from = at + len(word)
				rest := strings.TrimLeft(lower[from:], " \t")
				if strings.HasPrefix(rest, ":") && len(lower) == len(text) {
					all = append(all, label{part, at, from})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b label) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	// 账户名称: and 名称: end at the same colon; the longer is meant.
	var apart []label
	for _, l := range all {
		if len(apart) == 0 || l.from >= apart[len(apart)-1].to {
			apart = append(apart, l)
		}
	}
	return apart
}

// fact keeps what a row says.
func (r *reader) fact(p Part, value string, row int) {
	switch p {
	case Holder:
		r.out.Holder = cmp.Or(r.out.Holder, value)
	case AccountNumber:
		digits := digitsOf(strings.Fields(value)[0])
		if r.out.Number == "" && len(digits) >= tailLength {
			r.out.Number = digits
			if !sameNumber(digits, r.want.Number) {
				r.tell(fault.Wrong("banking.read.other_account", last(digits, tailLength)), row, "")
			}
		}
	case Currency:
		if !r.isYuan(value) {
			r.tell(fault.Wrong("banking.read.currency").Saw(value), row, "")
		}
	case OpeningBalance, ClosingBalance:
		if amount, s, there, err := r.format.money(value, false); there && err == nil {
			if s == outward && amount > 0 {
				amount = -amount
			}
			r.figure(p, Figure{amount, true, row})
		}
	}
}

// readUnit refuses a table whose unit stands above it and is not the format's: 单位：万元.
func (r *reader) readUnit(row Row) {
	for _, c := range row.Cells {
		folded := fold(c.Text)
		if !contains(folded, "单位:") && !contains(folded, "单位为") || c.Merged {
			continue
		}
		for _, u := range [][2]string{{"万元", "ten_thousand"}, {"千元", ""}, {"百元", ""}, {"亿元", ""}} {
			if contains(folded, u[0]) && (u[1] == "" || r.format.Unit != u[1]) {
				r.tell(fault.Wrong("banking.read.unit", u[0]).Saw(c.Text), row.Number, columnName(c.Column))
			}
		}
	}
}

// organisationWords are words that the name of a person does not have.
var organisationWords = []string{"合作", "集体", "经济", "公司", "委员会", "村", "社", "组织", "中心", "银行",
	"政府", "办", "厂", "场", "所", "站", "局", "街道", "镇", "乡", "组", "协会", "农"}

// IsPerson reports whether a holder's name can only be that of a person.
func IsPerson(holder string) bool {
	folded := fold(holder)
	runes := len([]rune(folded))
	if runes < 2 || runes > 4 && !contains(folded, "·") {
		return false
	}
	return !slices.ContainsFunc(organisationWords, func(w string) bool { return contains(folded, w) })
}

// identify proves that the statement is of the organisation's own account: collective funds on a
// personal account are forbidden (Law Art. 44).
func (r *reader) identify() {
	holder := fold(r.out.Holder)
	switch {
	case holder == "" && len(r.want.Holders) > 0:
		r.tell(fault.Told("banking.read.no_holder"), 0, "")
	case holder == "" || len(r.want.Holders) == 0:
	case slices.ContainsFunc(r.want.Holders, func(name string) bool {
		return sameHolder(holder,
			fold(name))
	}):
	case IsPerson(r.out.Holder):
		r.tell(fault.Wrong("banking.read.personal"), 0, "")
	default:
		r.tell(fault.Doubt("banking.read.other_holder", r.out.Holder, r.want.Holders[0]), 0, "")
	}
}

// sameHolder: banks cut long names and put places in front of them.
func sameHolder(holder, name string) bool {
	if name == "" {
		return false
	}
	return holder == name || strings.HasSuffix(holder, name) ||
		len([]rune(holder)) >= 8 && strings.HasPrefix(name, holder)
}
