package store

import (
	"slices"
	"strings"
)

// Where gathers the conditions of a list. Its terms are texts of the source; what people enter is
// only ever an argument.
type Where struct {
	terms []string
	args  []any
}

// And adds a condition with its arguments.
func (w *Where) And(term string, args ...any) {
	w.terms = append(w.terms, term)
	w.args = append(w.args, args...)
}

// SQL is " WHERE a AND b", or nothing without conditions.
func (w *Where) SQL() string {
	if len(w.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.terms, " AND ")
}

// Args are the arguments of the conditions and those of what follows them.
func (w *Where) Args(more ...any) []any { return slices.Concat(w.args, more) }

// Like makes a text a pattern that finds it anywhere, for: lower(column) LIKE ? ESCAPE '\'.
func Like(text string) string { return "%" + LikeStart(text) }

// LikeStart makes a text a pattern that finds it at the beginning.
func LikeStart(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text)) + "%"
}
