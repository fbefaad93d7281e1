package supervision_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/supervision"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// TestPages: every page opens for those it is for; a neighbour sees nothing of a finding.
func TestPages(t *testing.T) {
	each(t, func(x *town) {
		x.let("leased", "", "")
		x.run()
		f := x.only()
		own := []string{"/supervision?place=" + itoa(x.home), supervision.Address(f.Ref()),
			registry.Address(x.of), fmt.Sprintf("/places/%d", x.IDs[village])}
		for _, page := range append(own, "/supervision", "/findings", "/supervision/rules", ruleOf) {
			x.page("county-officer", 1, page)
		}
		x.page("city-officer", 0, "/supervision", `class="tile`)
		x.page("county-officer", 1, supervision.Address(f.Ref()), "某商行")
		x.page("reviewer", township, supervision.Address(f.Ref()), "/answer")
		x.page("county-officer", 1, registry.Address(x.of), "A06-card")
		for _, page := range own[:2] {
			if code, body := x.SignIn(apptest.Login("county-officer",
				2)).Get(page); code != http.StatusNotFound ||
				strings.Contains(body, "某商行") {
				x.t.Errorf("the neighbour gets %d at %s", code, page)
			}
			if code, _ := x.Nobody().Get(page); code != http.StatusUnauthorized {
				x.t.Errorf("nobody gets %d at %s", code, page)
			}
		}
		if _, body := x.SignIn(apptest.Login("county-officer", 2)).Get("/findings"); strings.Contains(body,
			"某商行") {
			x.t.Error("the neighbour's list names it")
		}
		x.refused(x.answer("reviewer", 5, rectified), "supervision.none")
		if err := x.answer("accountant", village, rectified); err == nil {
			x.t.Error("a village answered for itself")
		}
		if _, err := x.Supervision.Order(x.t.Context(), x.As("county-officer", 2), x.home); err == nil {
			x.t.Error("a neighbour ordered a run")
		}
	})
}

// TestListAsJSON: the list is one query in all its forms.
func TestListAsJSON(t *testing.T) {
	each(t, func(x *town) {
		x.let("leased", "", "")
		x.run()
		code, body := x.SignIn(apptest.Login("county-officer",
			1)).Get("/findings?format=json&rule=A06-card&state=open")
		if code != http.StatusOK || !json.Valid([]byte(body)) || !strings.Contains(body, "A06-card") {
			x.t.Errorf("%d %s", code, body)
		}
		_, body = x.SignIn(apptest.Login("county-officer", 1)).Get("/findings?format=json&colour=red")
		if strings.Contains(body, "A06-card") {
			x.t.Errorf("a yellow one among the red: %s", body)
		}
	})
}
