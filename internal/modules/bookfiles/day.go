package bookfiles

import (
	"strings"
	"sync"

	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// dayForm reads days as every form of the program does.
var dayForm = sync.OnceValue(func() *form.Definition {
	title := words.Plain("day")
	library, _ := form.NewLibrary(nil, []form.Definition{{Key: "day", Version: 1, Title: title, Basis: "-",
		Mark: form.Config, Fields: []form.Field{{Key: "day", Label: title, Kind: form.Date}}}})
	d, ok := library.Form("day")
	if !ok {
		panic("bookfiles: the form of a day is not whole") // it stands above
	}
	return d
})

// readDay reads a day as people write it.
func readDay(text string) (period.Date, bool) {
	r, found := dayForm().Parse([]string{strings.Join(strings.Fields(text), "")}, form.Context{})
	if len(found) > 0 { // a time of day stands behind a blank
		r, found = dayForm().Parse([]string{text}, form.Context{})
	}
	return r.Date("day"), len(found) == 0 && r.Given("day")
}
