package web

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Config is what the program lends the server.
type Config struct {
	Dictionary *locale.Dictionary
	Access     *access.Service
	Clock      func() time.Time
	// Authenticate finds out who asks. An error refuses the request (a locked account).
	Authenticate func(*http.Request) (access.Actor, error)
	// Detours are refusals that a page answers by sending the person elsewhere first: the fault's
	// key and the path, such as where a password is changed that must be changed.
	Detours map[string]string
	// Proxies are believed when they say whom they ask for (X-Forwarded-For).
	Proxies []netip.Prefix
	// Secure says that the site is served over TLS, by us or by a proxy.
	Secure bool
	// Title is the installation's name, shown at the top of every page.
	Title string
}

// Server is the web side of the program. Add routes, views and cards, then use Handler.
type Server struct {
	Config
	mux    *http.ServeMux
	views  *views
	assets *assets
	routes []Route
	menu   []MenuEntry
	cards  []Card
	bell   func(context.Context, access.Actor) (int, error)
	limits *limiter
	refuse map[string]Refuse
}

// Refuse answers with a refusal in another form than a page.
type Refuse func(http.ResponseWriter, *http.Request, error)

// New makes a server without routes.
func New(config Config) *Server {
	if config.Clock == nil {
		config.Clock = time.Now
	}
	s := &Server{Config: config, mux: http.NewServeMux(), limits: newLimiter(config.Clock),
		refuse: map[string]Refuse{}}
	s.assets = newAssets()
	s.views = newViews(s)
	s.mux.HandleFunc("GET /static/{hash}/{file}", s.assets.serve)
	return s
}

// MenuEntry is a line of the menu on every page.
type MenuEntry struct {
	Key    string        // dictionary key
	Href   string        // where it leads
	Permit access.Permit // shown to those who have it somewhere; "" to everyone signed in
	Order  int
}

// Card is a piece of a page contributed by another module. Render returns nil if it has nothing to
// say about the subject.
type Card struct {
	On     string // the kind of page: "place", "organisation", "asset"
	Order  int
	Permit access.Permit
	View   string
	Render func(r *Request, subject CardSubject) (any, error)
}

// CardSubject is what a card is about.
type CardSubject struct {
	Home  int64
	ID    int64
	Place int64
	On    period.Date // the date the page is shown for
}

// AddMenu adds entries to the menu, which is kept in their order.
func (s *Server) AddMenu(entries ...MenuEntry) {
	s.menu = append(s.menu, entries...)
	slices.SortStableFunc(s.menu, func(a, b MenuEntry) int { return a.Order - b.Order })
}

// AddCards adds cards to pages.
func (s *Server) AddCards(cards ...Card) { s.cards = append(s.cards, cards...) }

// AddViews adds a module's templates, *.html in the root of the file system.
func (s *Server) AddViews(module string, views fs.FS) { s.views.add(module, views) }

// SetBell sets the count shown beside the inbox.
func (s *Server) SetBell(bell func(context.Context, access.Actor) (int, error)) { s.bell = bell }

// Routes lists all routes, for tests that walk them.
func (s *Server) Routes() []Route { return s.routes }

// Mount serves a subtree with another handler (the API). It is inside all protections; what they
// refuse there is answered by refuse, or by a page if that is nil.
func (s *Server) Mount(root string, h http.Handler, refuse Refuse) {
	s.mux.Handle(root, h)
	if refuse != nil {
		s.refuse[root] = refuse
	}
}

// Handler is the finished server. Call it once, after everything has been added.
func (s *Server) Handler() (http.Handler, error) {
	if err := s.views.parse(); err != nil {
		return nil, err
	}
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, s.request(r), fault.New(fault.NotFound, "web.no_page"))
	})
	h := s.authenticated(Routed(s.mux))
	h = s.sameOrigin(h)
	h = s.limited(h)
	h = s.headers(h)
	h = compressed(h)
	h = s.recovered(h)
	return h, nil
}

// recovered turns a panic into an internal error and keeps the server alive.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				slog.Error("web: panic", append(marks(r.Context()), "panic", p, "stack",
					string(debug.Stack()))...)
				s.fail(w, s.request(r), fault.New(fault.Internal, "fault.internal"))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// authenticated puts the actor into the request's context.
func (s *Server) authenticated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.Authenticate == nil || strings.HasPrefix(r.URL.Path, "/static/") {
			next.ServeHTTP(w, r)
			return
		}
		actor, err := s.Authenticate(r)
		if err != nil {
			s.fail(w, s.request(r), err)
			return
		}
		observation(r.Context()).Account = actor.Account
		next.ServeHTTP(w, r.WithContext(access.With(r.Context(), actor)))
	})
}

// statuses maps codes to HTTP, in one place.
var statuses = map[fault.Code]int{
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Stale:           http.StatusPreconditionFailed,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Unsupported:     http.StatusUnsupportedMediaType,
	fault.Limited:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Internal:        http.StatusInternalServerError,
}

// Status is the HTTP status of a fault.
func Status(f *fault.Fault) int {
	if status, ok := statuses[f.Code]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// fail shows a refusal.
func (s *Server) fail(w http.ResponseWriter, r *Request, err error) {
	f := fault.Of(err)
	if f.Code == fault.Internal || f.Code == fault.Unavailable {
		slog.Error("web: request failed", append(marks(r.Context()), "code", f.Code, "key", f.Key,
			"cause", f.Unwrap())...)
	}
	for root, refuse := range s.refuse {
		if strings.HasPrefix(r.URL.Path, root) {
			refuse(w, r.Request, err)
			return
		}
	}
	if to := s.elsewhere(r, f); to != "" {
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
		return
	}
	status := Status(f)
	view := errorView{Explanation: s.Dictionary.Explain(r.Language, f), Status: status, Code: f.Code,
		Back: cameFrom(r.Request), First: s.Detours[f.Key]}
	for _, finding := range f.Findings {
		view.Findings = append(view.Findings, s.Dictionary.Finding(r.Language, finding))
	}
	var body bytes.Buffer
	page := Page{Title: r.T("web.refused"), Status: status, Data: view}
	if err := s.views.render(&body, r, "web/error", page); err != nil {
		slog.Error("web: the error page cannot be shown", "cause", err)
		http.Error(w, view.What, status)
		return
	}
	writePage(w, r, status, body.Bytes())
}

// elsewhere is where a person who looks at a page is sent instead of being shown the refusal.
func (s *Server) elsewhere(r *Request, f *fault.Fault) string {
	if !r.wantsPage() || r.Method != http.MethodGet {
		return ""
	}
	if f.Code == fault.Unauthenticated {
		return SignInPath + "?next=" + queryEscape(r.URL.RequestURI())
	}
	return s.Detours[f.Key]
}

// SignInPath is where somebody who must sign in is sent.
const SignInPath = "/sign-in"

type errorView struct {
	locale.Explanation
	Status   int
	Code     fault.Code
	Findings []string
	Back     string // the page whose form was refused
	First    string // the page on which to do what has to be done before anything else
}

// cameFrom is the page of this site from which a form was posted; "": none is known.
func cameFrom(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if r.Method != http.MethodPost || err != nil || from.Host != r.Host ||
		strings.HasPrefix(from.Path, "//") {
		return ""
	}
	return from.RequestURI()
}
