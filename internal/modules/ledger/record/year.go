package record

import (
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/ledger/vector"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// closingSource begins the sources of the vouchers that close years.
const closingSource = "close/"

// ClosesYear reports whether the voucher was made to close a year.
func (v Voucher) ClosesYear() bool { return strings.HasPrefix(v.Source, closingSource) }

// YearEnd are the vouchers that close a year. act tells a second closing of the year from the first.
func YearEnd(chart *book.Chart, b Book, month period.Period, act int64,
	balances []book.Balance) ([]Draft, []fault.Finding, error) {
	entries, findings := chart.CloseYear(balances, month.Last())
	if fault.Stops(findings) {
		return nil, findings, fault.New(fault.Conflict, "ledger.year").With(findings)
	}
	fold := book.NewFold(chart)
	for _, balance := range balances {
		if err := fold.Open(balance); err != nil {
			return nil, findings, err
		}
	}
	for _, e := range entries {
		if err := fold.Add(e.Postings); err != nil {
			return nil, findings, err
		}
	}
	entries = append(entries, chart.SettleDistribution(fold.Balances(), month.Last())...)
	drafts := make([]Draft, len(entries))
	for i, e := range entries {
		drafts[i] = Draft{Book: b.Ref(), Series: General, Date: e.Date, Summary: e.Summary,
			Postings: e.Postings,
			Source: closingSource + month.String() + "/" + strconv.FormatInt(act, 10) + "/" +
				strconv.Itoa(i+1)}
	}
	return drafts, findings, nil
}

// CheckOpening are the balances a book begins with, checked and in order: each account once, sums to zero.
func CheckOpening(chart *book.Chart, b Book, balances []book.Balance) ([]OpeningRow, error) {
	var findings []fault.Finding
	all, sum := vector.Sums{}, money.Fen(0)
	for i, line := range balances {
		a, known := chart.Account(line.Account)
		switch {
		case !known || !chart.Bookable(line.Account):
			findings = append(findings, fault.Wrong("ledger.wrong.account").At("", i+1, "account").
				Saw(line.Account))
		case a.PerDetail() && line.Counterparty == "" && line.Amount != 0:
			findings = append(findings, fault.Wrong("ledger.wrong.detail").At("", i+1, "counterparty"))
		case line.Amount > AmountMax || line.Amount < -AmountMax:
			findings = append(findings, fault.Wrong("ledger.wrong.amount", AmountMax).At("", i+1, "amount"))
		case TooLong(line.Counterparty, book.FieldMax):
			findings = append(findings, fault.Wrong("ledger.wrong.text", book.FieldMax).At("", i+1,
				"counterparty"))
		default:
			if !a.PerDetail() {
				line.Counterparty = ""
			}
			key := vector.Key{Account: line.Account, Counterparty: line.Counterparty}
			if _, twice := all[key]; twice {
				findings = append(findings, fault.Wrong("ledger.wrong.twice").At("", i+1, "account").
					Saw(line.Account))
			}
			all[key] = line.Amount
			var err error
			if sum, err = sum.Add(line.Amount); err != nil {
				return nil, fault.New(fault.Invalid, "ledger.overflow")
			}
		}
	}
	if sum != 0 && len(findings) == 0 {
		findings = append(findings, fault.Wrong("ledger.wrong.opening_sum", sum))
	}
	if len(findings) > 0 {
		return nil, fault.New(fault.Invalid, "ledger.invalid").With(findings)
	}
	return OpeningOf(b, b.From.Year(), all.List(false)), nil
}

// OpeningOf are balances as the rows with which a year begins.
func OpeningOf(b Book, year int, list []book.Balance) []OpeningRow {
	rows := make([]OpeningRow, len(list))
	for i, line := range list {
		rows[i] = OpeningRow{Home: b.Home, Book: b.ID, Year: year, Account: line.Account,
			Counterparty: line.Counterparty, Amount: line.Amount}
	}
	return rows
}
