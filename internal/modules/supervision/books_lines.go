package supervision

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
)

// figure is a number of a book that a statement of its chart has: lines of it, added up.
type figure struct {
	name      string
	statement string
	lines     []string
	quantity  book.Quantity // of lines and terms that name none
}

// Figures of a book at the end of a month.
var sheetFigures = []figure{
	{"assets", book.BalanceSheet, []string{"total_assets"}, book.Closing},
	{"liabilities", book.BalanceSheet, []string{"total_liabilities"}, book.Closing},
	{"fixed_net", book.BalanceSheet, []string{"fixed_net"}, book.Closing},
	{"productive_net", book.BalanceSheet, []string{"productive_net"}, book.Closing},
	{"intangible_net", book.BalanceSheet, []string{"intangible_net"}, book.Closing},
}

// Figures of a year, up to now.
var yearFigures = []figure{
	{"income", book.IncomeStatement, []string{"net_income"}, book.Net},
	{"brought", book.IncomeStatement, []string{"opening_undistributed"}, book.Net},
	{"distributable", book.IncomeStatement, []string{"distributable"}, book.Net},
	{"to_reserve", book.IncomeStatement, []string{"to_reserve"}, book.Net},
	{"to_members", book.IncomeStatement, []string{"to_members"}, book.Net},
	{"remaining", book.IncomeStatement, []string{"closing_undistributed"}, book.Net},
}

// accountPart is an account in a figure: how its amount, debit above zero, counts.
type accountPart struct {
	account  string
	detail   string        // every other than named is "*"
	quantity book.Quantity // closing, opening or net
	only     book.Side     // of its details only those that stand on this side
	factor   int64
}

// anyDetail stands for all details of an account.
const anyDetail = "*"

// parts takes a line apart into accounts. Lines add up lines: charts are checked to have no circle.
func parts(chart *book.Chart, f figure, key string, sign int64) []accountPart {
	s, ok := chart.Statement(f.statement)
	if !ok {
		return nil
	}
	i := slices.IndexFunc(s.Lines, func(l book.Line) bool { return l.Key == key })
	if i < 0 {
		return nil
	}
	var all []accountPart
	for _, t := range s.Lines[i].Terms {
		of := sign
		if t.Minus {
			of = -sign
		}
		if t.Line != "" {
			all = append(all, parts(chart, f, t.Line, of)...)
			continue
		}
		all = append(all, termParts(chart, t, cmp.Or(t.Quantity, s.Lines[i].Quantity, f.quantity), of)...)
	}
	return all
}

// termParts are the accounts of one term. A side that is asked for counts above zero, whatever the account's.
func termParts(chart *book.Chart, t book.Term, quantity book.Quantity, sign int64) []accountPart {
	codes := leavesOf(chart, t)
	switch {
	case t.Only == book.Credit:
		sign = -sign
	case t.Only == "" && len(codes) > 0 && sideOf(chart, t, codes[0]) == book.Credit:
		sign = -sign
	}
	details := t.Details
	if len(details) == 0 {
		details = []string{anyDetail}
	}
	var all []accountPart
	for _, code := range codes {
		for _, detail := range details {
			all = append(all, accountPart{code, detail, quantity, t.Only, sign})
		}
	}
	return all
}

// leavesOf are the bookable accounts that a term names.
func leavesOf(chart *book.Chart, t book.Term) []string {
	if t.Account != "" {
		return chart.Leaves(t.Account)
	}
	var codes []string
	for _, a := range chart.Accounts {
		named := t.All || t.Class != "" && a.Class == t.Class ||
			t.Prefix != "" && strings.HasPrefix(a.Code, t.Prefix) ||
			(t.From != "" || t.To != "") && a.Code >= t.From && (a.Code <= t.To || strings.HasPrefix(a.Code,
				t.To))
		if named && chart.Bookable(a.Code) {
			codes = append(codes, a.Code)
		}
	}
	return codes
}

// sideOf is the side on which a term's accounts count above zero.
func sideOf(chart *book.Chart, t book.Term, first string) book.Side {
	if t.Side != "" {
		return t.Side
	}
	a, _ := chart.Account(cmp.Or(t.Account, first))
	return a.Side
}

// accumulatedRows are the accounts on which depreciation adds up, as a figure that counts for nothing: it is
// looked at whether they move.
func accumulatedRows(charts *book.Charts) [][]string {
	if charts == nil {
		return nil
	}
	var rows [][]string
	for _, chart := range charts.All() {
		for _, a := range chart.Assets {
			for _, leaf := range chart.Leaves(a.Accumulated) {
				row := []string{chart.Key, leaf, anyDetail, "accumulated", string(book.Closing), "", "0"}
				if !slices.ContainsFunc(rows, func(r []string) bool { return slices.Equal(r, row) }) {
					rows = append(rows, row)
				}
			}
		}
	}
	return rows
}

// lineColumns is the number of columns of a row of lineRows.
const lineColumns = 7

// lineRows are the figures of all charts by account: chart, account, detail, figure, quantity, only, factor.
// An account that a line counts twice stands twice.
func lineRows(charts *book.Charts, figures []figure) [][]string {
	if charts == nil {
		return nil
	}
	var rows [][]string
	for _, chart := range charts.All() {
		for _, f := range figures {
			for _, key := range f.lines {
				for _, p := range parts(chart, f, key, 1) {
					rows = append(rows, []string{chart.Key, p.account, p.detail, f.name, string(p.quantity),
						string(p.only), strconv.FormatInt(p.factor, 10)})
				}
			}
		}
	}
	return rows
}

// What an account does for a voucher that is looked at.
const (
	earmarked   = "earmarked"   // money given for a purpose
	subsidy     = "subsidy"     // income from the state
	toHouse     = "household"   // what is owed to a member's household
	toAnyone    = "payable"     // what is owed to anybody, a member among them
	distributed = "distributed" // the part of the year's income that members get
	tangible    = "tangible"    // things that have a card
	money       = "money"
)

// roleColumns is the number of columns of a row of roleRows.
const roleColumns = 4

// roleRows say what accounts do: chart, account, detail, what.
func roleRows(charts *book.Charts) [][]string {
	if charts == nil {
		return nil
	}
	var rows [][]string
	for _, chart := range charts.All() {
		add := func(what, detail string, codes ...string) {
			for _, code := range codes {
				for _, leaf := range chart.Leaves(code) {
					rows = append(rows, []string{chart.Key, leaf, detail, what})
				}
			}
		}
		add(earmarked, anyDetail, chart.Roles["special_payable"])
		add(subsidy, anyDetail, chart.Roles["subsidy_income"])
		add(toHouse, anyDetail, chart.Roles["internal"])
		add(toAnyone, anyDetail, chart.Roles["payable"])
		add(money, anyDetail, chart.Cash()...)
		for _, p := range chart.Close.Parts {
			if p.Key == "members" {
				add(distributed, p.From.Detail, p.From.Account)
			}
		}
		seen := map[string]bool{}
		for _, a := range chart.Assets {
			if a.Form == "fixed" && !seen[a.Cost] {
				seen[a.Cost] = true
				add(tangible, anyDetail, a.Cost)
			}
		}
	}
	return rows
}
