package banking

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/banking/statement"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// unreadView is the page of a file that could not be read: why, what stands in it, and which column is
// which.
type unreadView struct {
	Account
	Self     string
	Refusal  locale.Explanation
	Findings []findingView
	Letters  []string
	Rows     []peeked
	Parts    []partView
	From     string
	Asks     bool // somebody wanted to name the columns: nothing is wrong
}

type partView struct{ Part, Letter string }

// formatOf is the format a form names: one of the pack, or columns.
func formatOf(r *web.Request) string {
	columns := map[statement.Part]string{}
	for _, p := range statement.Mappable {
		if letter := r.Field("column-" + string(p)); letter != "" {
			columns[p] = letter
		}
	}
	if len(columns) == 0 {
		return r.Field("format")
	}
	from, err := strconv.Atoi(r.Field("from"))
	if err != nil {
		from = 1
	}
	return statement.Mapping(columns, from)
}

// unread shows why a file was refused. One whose columns nobody knows is shown with its first rows, so that
// a person says which is which.
func (s *Banking) unread(r *web.Request, u sheet.Upload, refused error) (web.Answer, error) {
	f := fault.Of(refused)
	if f == nil || !slices.Contains([]fault.Code{fault.Invalid, fault.Unsupported, fault.TooLarge,
		fault.Conflict}, f.Code) {
		return nil, refused
	}
	asks := r.Field("format") == statement.ByColumnsPrefix
	if fault.HasKey(refused, "banking.mapping") && !asks {
		f = fault.New(fault.Invalid, "banking.columns_lack")
	}
	a, o, err := s.asked(r, MayMatch)
	if err != nil {
		return nil, err
	}
	v := unreadView{Account: a, Self: Address(a.Ref()), Refusal: s.host.Dictionary.Explain(r.Language, f),
		Findings: s.findingViews(r, f.Findings), From: r.Field("from"), Asks: asks}
	if v.From == "" {
		v.From = "2"
	}
	for _, key := range []string{"banking.no_fit", "banking.no_fit_row", "banking.two_fit",
		"banking.mapping"} {
		if fault.HasKey(refused, key) {
			v.Rows, v.Letters = peek(u)
			v.ask(r)
		}
	}
	status := web.Status(f)
	if status == 0 {
		status = http.StatusUnprocessableEntity
	}
	return web.View("banking/unread", web.Page{Title: r.T("banking.upload"), Place: a.Place, Data: v,
		Status: status, Wide: true, Trail: trail(r, a, o)}), nil
}

// ask lists the parts to be named, with what was named before.
func (v *unreadView) ask(r *web.Request) {
	for _, p := range statement.Mappable {
		v.Parts = append(v.Parts, partView{string(p), r.Field("column-" + string(p))})
	}
}
