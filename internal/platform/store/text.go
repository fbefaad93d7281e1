package store

import (
	"strconv"
	"strings"
	"sync"
)

var numberedCache sync.Map // text with ? → text with $1, $2 …

// numbered rewrites ? placeholders to $1, $2 … for PostgreSQL, leaving quoted text and comments
// alone. Each text is rewritten once.
func numbered(text string) string {
	if done, ok := numberedCache.Load(text); ok {
		return done.(string)
	}
	var b strings.Builder
	n := 0
	for i := 0; i < len(text); i++ {
		if end := skip(text, i); end > i {
			b.WriteString(text[i:end])
			i = end - 1
			continue
		}
		if text[i] == '?' {
			n++
			b.WriteString("$" + strconv.Itoa(n))
			continue
		}
		b.WriteByte(text[i])
	}
	numberedCache.Store(text, b.String())
	return b.String()
}

// skip returns the end of the quoted text or comment that starts at i, or i.
func skip(text string, i int) int {
	rest := text[i:]
	switch {
	case text[i] == '\'' || text[i] == '"':
		if end := strings.IndexByte(rest[1:], text[i]); end >= 0 {
			return i + end + 2
		}
		return len(text)
	case strings.HasPrefix(rest, "--"):
		if end := strings.IndexByte(rest, '\n'); end >= 0 {
			return i + end
		}
		return len(text)
	}
	return i
}

// insertText is the INSERT of all the columns of so many rows. Names come from the source, never from
// input.
func insertText(table string, columns []string, rows int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES " +
		strings.TrimSuffix(strings.Repeat(row+", ", rows), ", ")
}
