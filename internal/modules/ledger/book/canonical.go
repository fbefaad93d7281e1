package book

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/money"
)

// canonicalHead is the first line of the canonical text; another form of it would be another number.
const canonicalHead = "terrace postings 1"

// ErrCanonical says that a text is not one that Canonical writes.
var ErrCanonical = errors.New("book: not a canonical text of postings")

// escapes keep a field in its place: nothing but these four bytes is changed.
var (
	escape   = strings.NewReplacer("\\", "\\\\", "\t", "\\t", "\n", "\\n", "\r", "\\r")
	unescape = strings.NewReplacer("\\\\", "\\", "\\t", "\t", "\\n", "\n", "\\r", "\r")
)

// Canonical writes postings as text, the same for the same postings for ever and different for
// different ones: a head, then a line each with account, whole fen, "red" or nothing, counterparty,
// member, asset, project, fund and note, set apart by tabs.
func Canonical(postings []Posting) string {
	var b strings.Builder
	b.WriteString(canonicalHead + "\n")
	for _, p := range postings {
		red := ""
		if p.Red {
			red = "red"
		}
		fields := [...]string{p.Account, strconv.FormatInt(int64(p.Amount), 10), red, p.Counterparty,
			p.Member, p.Asset,
			p.Project, p.Fund, p.Note}
		for i, field := range fields {
			if i > 0 {
				b.WriteByte('\t')
			}
			_, _ = escape.WriteString(&b, field) // a builder never fails
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Hash is the SHA-256 of the canonical text, in hexadecimal.
func Hash(postings []Posting) string {
	sum := sha256.Sum256([]byte(Canonical(postings)))
	return hex.EncodeToString(sum[:])
}

// ParseCanonical reads what Canonical writes and nothing else.
func ParseCanonical(text string) ([]Posting, error) {
	head, rest, _ := strings.Cut(text, "\n")
	if head != canonicalHead || rest != "" && !strings.HasSuffix(rest, "\n") {
		return nil, ErrCanonical
	}
	var postings []Posting
	for line := range strings.Lines(rest) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 9 {
			return nil, ErrCanonical
		}
		for i := range fields {
			fields[i] = unescape.Replace(fields[i])
		}
		amount, err := strconv.ParseInt(fields[1], 10, 64)
		if err != nil {
			return nil, ErrCanonical
		}
		postings = append(postings, Posting{Account: fields[0], Amount: money.Fen(amount),
			Red: fields[2] == "red",
			Dimensions: Dimensions{Counterparty: fields[3], Member: fields[4], Asset: fields[5],
				Project: fields[6],
				Fund:    fields[7]},
			Note: fields[8]})
	}
	if Canonical(postings) != text {
		return nil, ErrCanonical
	}
	return postings, nil
}
