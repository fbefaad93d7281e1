package web

import (
	"fmt"
	"html/template"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// funcs are what templates may call, bound to a language.
func (v *views) funcs(l locale.Language) template.FuncMap {
	d := v.server.Dictionary
	return template.FuncMap{
		"t":       func(key string, args ...any) string { return d.Text(l, key, args...) },
		"word":    func(prefix string, value any) string { return d.Text(l, prefix+"."+fmt.Sprint(value)) },
		"has":     d.Has,
		"static":  v.server.assets.path,
		"count":   func(n any) string { return grouped(n) },
		"yuan":    func(f money.Fen) string { return f.String() },
		"wan":     func(f money.Fen) string { return f.TenThousands() },
		"mu":      func(a area.Area) string { return a.Mu() },
		"ha":      func(a area.Area) string { return a.Hectares() },
		"until":   func(d period.Date) string { return openDate(d) },
		"status":  func(status, text string) template.HTML { return statusMark(status, text) },
		"in":      func(w words.Words) string { return w.In(l) },
		"english": func() bool { return l == locale.English },
		"refusal": func(f *fault.Fault) string { return d.Explain(l, f).String() },
		"finding": func(f fault.Finding) string { return d.Text(l, f.Key, f.Args...) },
	}
}

func grouped(n any) string {
	switch n := n.(type) {
	case int:
		return locale.Count(n).String()
	case int64:
		return locale.Count(n).String()
	}
	return fmt.Sprint(n)
}

func openDate(d period.Date) string {
	if d == period.Open {
		return ""
	}
	return string(d)
}

// statusMark shows a status as colour, shape and word. Status is one of draft, waiting, done, due,
// overdue, stopped.
func statusMark(status, text string) template.HTML {
	return template.HTML(
		`<span class="status ` + template.HTMLEscapeString(status) + `">` + //nolint:gosec // escaped
			template.HTMLEscapeString(text) + `</span>`,
	)
}
