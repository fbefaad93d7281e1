package formpage

import (
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// Options are the codes of a list that may be chosen today, for a filter or a field of a page's own.
func Options(r *web.Request, list *form.CodeList) []web.Option {
	var options []web.Option
	for _, e := range list.On(r.Today()) {
		options = append(options, web.Option{Value: string(e.Code), Text: e.Words().In(r.Language)})
	}
	return options
}
