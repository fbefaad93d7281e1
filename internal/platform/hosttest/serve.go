package hosttest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/platform/webtest"
)

// Served is the site as it is asked.
type Served struct {
	*webtest.Client
	Handler http.Handler
}

// Serve puts the pages and operations of the modules on a server, and at /test/place/{id} the cards that they
// put on the page of a place. Its clock advances 50 ms a reading.
func (x *Site) Serve() {
	x.T.Helper()
	h, now := x.Host, storetest.Start
	h.Web = web.New(web.Config{Dictionary: h.Dictionary, Access: h.Access, Title: "江城市",
		Clock: func() time.Time { now = now.Add(50 * time.Millisecond); return now },
		Authenticate: func(r *http.Request) (access.Actor, error) {
			role, place, somebody, err := webtest.Claimed(r)
			if !somebody || err != nil {
				return access.Actor{}, err
			}
			return x.Actor(role, place), nil
		}})
	h.API = api.New("test", h.Dictionary, h.Access)
	h.Web.Handle(h.Files.Routes()...)
	for _, m := range x.Modules {
		if m.Views != nil {
			h.Web.AddViews(m.Name, m.Views)
		}
		h.Web.AddMenu(m.Menu...)
		h.Web.AddCards(m.Cards...)
		h.Web.Handle(m.Pages...)
		if m.Endpoints != nil {
			m.Endpoints(h.API)
		}
	}
	h.Web.Handle(web.Route{Pattern: "GET /test/place/{id}", Access: web.Public(),
		Handle: func(r *web.Request) (web.Answer, error) {
			id, _ := r.ID("id")
			cards, err := r.Cards("place", web.CardSubject{ID: id, Place: id, On: x.Today})
			return web.Inline("cards.txt", "text/plain", strings.NewReader(fmt.Sprint(cards))), err
		}})
	h.Web.Mount(api.Root, h.API.Handler(), h.API.Refuse)
	var err error
	x.Handler, err = h.Web.Handler()
	x.Must(err)
	server := httptest.NewServer(x.Handler)
	x.T.Cleanup(server.Close)
	x.Client = webtest.New(x.T, server.URL)
}
