package record

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Limits of a voucher, beside those of book.CheckEntry. A line is so much below what 64 bits hold that no
// sum over a book's years can leave them; see the bounds of ledger_turnover.
const (
	AmountMax = money.Fen(1_000_000_000_000) // a line: ten thousand million yuan
	SourceMax = 100
	ReasonMax = 200
	FilesMax  = 50
)

// Draft is a voucher as it is entered.
type Draft struct {
	Book        Ref
	Series      string // "": General
	Date        period.Date
	Summary     string
	Postings    []book.Posting
	Source      string
	Attachments []string // SHA-256 of files kept, in hexadecimal
}

// Tidy brings what was entered into the form it is kept in. The caller's slices are left alone.
func (d Draft) Tidy() Draft {
	if d.Series = strings.TrimSpace(d.Series); d.Series == "" {
		d.Series = General
	}
	d.Summary, d.Source = strings.TrimSpace(d.Summary), strings.TrimSpace(d.Source)
	d.Postings = slices.Clone(d.Postings)
	for i := range d.Postings {
		p := &d.Postings[i]
		for _, text := range []*string{&p.Account, &p.Counterparty, &p.Member, &p.Asset, &p.Project,
			&p.Fund,
			&p.Note} {
			*text = strings.TrimSpace(*text)
		}
	}
	return d
}

// Envelope finds what is wrong with a draft whatever books it is for.
func (d Draft) Envelope() []fault.Finding {
	var findings []fault.Finding
	wrong := func(f fault.Finding, column string) { findings = append(findings, f.At("", 0, column)) }
	if !slices.Contains(SeriesAll, d.Series) {
		wrong(fault.Wrong("ledger.wrong.series").Saw(d.Series), "series")
	}
	if TooLong(d.Source, SourceMax) {
		wrong(fault.Wrong("ledger.wrong.text", SourceMax), "source")
	}
	if len(d.Attachments) > FilesMax || slices.ContainsFunc(d.Attachments, func(hash string) bool {
		return len(hash) != 2*sha256.Size || strings.Trim(hash, "0123456789abcdef") != ""
	}) {
		wrong(fault.Wrong("ledger.wrong.attachments", FilesMax), "attachments")
	}
	for i, p := range d.Postings {
		if p.Amount > AmountMax || p.Amount < -AmountMax {
			findings = append(findings, fault.Wrong("ledger.wrong.amount", AmountMax).At("", i+1, "amount"))
		}
	}
	return findings
}

// TooLong reports a text that is too long or holds the replacement character or control codes.
func TooLong(text string, runes int) bool {
	return len(text) > runes && utf8.RuneCountInString(text) > runes || strings.ContainsFunc(text,
		func(r rune) bool { return r == utf8.RuneError || r < ' ' })
}

// Voucher is the draft as a row, without home, number and people.
func (d Draft) Voucher() (Voucher, error) {
	content, err := json.Marshal(d.Postings)
	if err != nil {
		return Voucher{}, err
	}
	sum, err := book.Total(d.Postings)
	if err != nil {
		return Voucher{}, fault.New(fault.Invalid, "ledger.overflow")
	}
	return Voucher{Home: d.Book.Home, Book: d.Book.ID, Series: d.Series, Date: d.Date,
		Month:  MonthOf(d.Date),
		Status: Drafted, Summary: d.Summary, Total: sum, Source: d.Source,
		Attachments: int64(len(d.Attachments)), Files: strings.Join(d.Attachments, " "),
		Content: string(content)}, nil
}

// AsDraft is the draft that a voucher was made of.
func (v *Voucher) AsDraft() (Draft, error) {
	d := Draft{Book: v.BookRef(), Series: v.Series, Date: v.Date, Summary: v.Summary, Source: v.Source,
		Attachments: v.FileHashes()}
	err := json.Unmarshal([]byte(v.Content), &d.Postings)
	return d, err
}

// Reversal is the red-letter voucher of another: the same lines, each in red.
func Reversal(v *Voucher, lines []PostingRow, on period.Date) Draft {
	return Draft{Book: v.BookRef(), Series: v.Series, Date: on, Source: ReversalSource(v.ID),
		Summary:  cut("冲销"+v.Month+" "+v.Word()+"："+v.Summary, book.SummaryMax),
		Postings: book.Reverse(Postings(lines))}
}

// ReversalSource is the source of the reversal of a voucher.
func ReversalSource(voucher int64) string { return "reversal/" + strconv.FormatInt(voucher, 10) }

// cut keeps the first characters of a text.
func cut(text string, runes int) string {
	for i := range text {
		if runes == 0 {
			return text[:i]
		}
		runes--
	}
	return text
}

// MonthOf is the month of a day: 2025-03.
func MonthOf(day period.Date) string {
	if len(day) < len("2006-01") {
		return ""
	}
	return string(day[:len("2006-01")])
}

// Rows are postings as rows of a voucher.
func Rows(v *Voucher, list []book.Posting, posted bool) []PostingRow {
	lines := make([]PostingRow, len(list))
	for i, p := range list {
		lines[i] = PostingRow{Home: v.Home, Voucher: v.ID, Line: i + 1, Book: v.Book, Date: v.Date,
			Account: p.Account, Amount: p.Amount, Red: p.Red, Counterparty: p.Counterparty,
			Member: p.Member,
			Asset:  p.Asset, Project: p.Project, Fund: p.Fund, Note: p.Note, Posted: posted}
	}
	return lines
}

// AsPosting is a row as arithmetic sees it.
func (p PostingRow) AsPosting() book.Posting {
	return book.Posting{Account: p.Account, Amount: p.Amount, Red: p.Red, Note: p.Note,
		Dimensions: book.Dimensions{Counterparty: p.Counterparty, Member: p.Member, Asset: p.Asset,
			Project: p.Project, Fund: p.Fund}}
}

// Postings are rows as arithmetic sees them.
func Postings(lines []PostingRow) []book.Posting {
	list := make([]book.Posting, len(lines))
	for i, p := range lines {
		list[i] = p.AsPosting()
	}
	return list
}

// Seal is the hash of everything a posted voucher says: a head, each field with its length before it so
// that nothing can move from one into the next, and the canonical text of the postings.
func Seal(v *Voucher, lines []PostingRow) string {
	b := make([]byte, 0, 1024)
	for _, field := range [...]string{"terrace voucher 1", v.BookRef().String(), v.Series,
		strconv.FormatInt(v.Number, 10), string(v.Date), v.Summary, v.Source,
		strconv.FormatInt(v.Reverses, 10), v.Files} {
		b = append(strconv.AppendInt(b, int64(len(field)), 10), ':')
		b = append(append(b, field...), '\n')
	}
	return HashText(append(b, book.Canonical(Postings(lines))...))
}

// HashText is a SHA-256 as text.
func HashText(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
