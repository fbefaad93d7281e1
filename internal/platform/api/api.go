// Package api answers programs: typed operations under /api/v1 with an OpenAPI 3.1 description at
// /api/openapi.json.
//
// # Rules
//
//   - Errors are problems (RFC 9457) with the code, the rule and what to do next, in the language
//     that Accept-Language asks for.
//   - Lists are pages by key: limit and after, and a Link header to the next page. Nothing is cut
//     silently.
//   - A resource that can change carries an ETag; a change needs If-Match, and fails with 412 if
//     somebody was faster, with 428 without one.
//   - An operation states its access; one that states none cannot be registered.
package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Root is the path under which everything of the API lies.
const Root = "/api/"

// API collects operations. Its Handler is mounted under Root.
type API struct {
	huma       huma.API
	mux        *http.ServeMux
	dictionary *locale.Dictionary
	access     *access.Service
	operations []Operation
}

// Operation describes one operation.
type Operation struct {
	Method  string
	Path    string // below /api/v1
	ID      string // camelCase, unique
	Summary string // English, one line: what it does
	Tag     string // the module
	Access  web.Access
	BodyMax int64 // bytes; 0: 1 MB
	Status  int   // 0: 200, or 204 without a body
}

var setErrors sync.Once

// New makes an API without operations.
func New(version string, d *locale.Dictionary, a *access.Service) *API {
	setErrors.Do(func() {
		huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
			return plainProblem(nil, "", status, message, errs)
		}
		huma.NewErrorWithContext = func(ctx huma.Context, status int, message string,
			errs ...error) huma.StatusError {
			d, _ := ctx.Context().Value(dictionaryKey{}).(*locale.Dictionary)
			return plainProblem(d, locale.Match("", ctx.Header("Accept-Language")), status, message, errs)
		}
	})
	config := huma.DefaultConfig("Terrace", version)
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.CreateHooks = nil // no $schema links in every answer
	config.DocsPath = ""     // its page loads from elsewhere; ours is /api
	config.SchemasPath = ""
	config.OpenAPIPath = "/api/openapi"
	config.RejectUnknownQueryParameters = true
	config.Info.Description = "The unified information system of a city and its countryside."
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "session"},
		"token":   {Type: "http", Scheme: "bearer"},
	}
	mux := http.NewServeMux()
	return &API{huma: humago.New(mux, config), mux: mux, dictionary: d, access: a}
}

type dictionaryKey struct{}

// Handler serves the API. What is not there is a problem too.
func (a *API) Handler() http.Handler {
	a.mux.HandleFunc(Root, func(w http.ResponseWriter, r *http.Request) {
		a.Refuse(w, r, fault.New(fault.NotFound, "api.no_operation"))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "private, no-cache")
		w.Header().Set("Vary", "Accept-Language, Cookie, Authorization")
		ctx := context.WithValue(r.Context(), dictionaryKey{}, a.dictionary)
		ctx = context.WithValue(ctx, languageKey{}, r.Header.Get("Accept-Language"))
		web.Routed(a.mux).ServeHTTP(w, r.WithContext(ctx))
	})
}

// Operations lists what is registered, for tests that walk it.
func (a *API) Operations() []Operation { return a.operations }

// OpenAPI is the description.
func (a *API) OpenAPI() *huma.OpenAPI { return a.huma.OpenAPI() }

// Add registers an operation. I is a struct whose tags name path, query and header parameters and
// a Body; O one with header fields and a Body.
func Add[I, O any](a *API, op Operation, fn func(ctx context.Context, in *I) (*O, error)) {
	if op.Access == (web.Access{}) {
		panic("api: the operation " + op.ID + " states no access")
	}
	if name := hidden(reflect.TypeFor[I]()); name != "" {
		panic("api: the input of " + op.ID + " embeds " + name +
			", which is not exported and so never filled")
	}
	a.operations = append(a.operations, op)
	described := huma.Operation{
		Method: op.Method, Path: Root + "v1" + op.Path, OperationID: op.ID, Summary: op.Summary,
		Tags: []string{op.Tag}, DefaultStatus: op.Status, MaxBodyBytes: op.BodyMax,
		Errors: []int{
			http.StatusBadRequest,
			http.StatusNotFound,
			http.StatusUnprocessableEntity,
			http.StatusTooManyRequests,
		},
	}
	if !op.Access.IsPublic() {
		described.Security = []map[string][]string{{"session": {}}, {"token": {}}}
		described.Errors = append(described.Errors, http.StatusUnauthorized, http.StatusForbidden)
	}
	if op.Method != http.MethodGet {
		described.Errors = append(
			described.Errors,
			http.StatusConflict,
			http.StatusPreconditionFailed,
			http.StatusRequestEntityTooLarge,
		)
	}
	huma.Register(a.huma, described, func(ctx context.Context, in *I) (*O, error) {
		if err := a.allowed(access.From(ctx), op.Access); err != nil {
			return nil, a.problem(ctx, err)
		}
		out, err := fn(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

// hidden names an embedded struct that huma passes over without a word; "" there is none.
func hidden(input reflect.Type) string {
	for i := range input.NumField() {
		f := input.Field(i)
		if f.Anonymous && !f.IsExported() {
			return f.Name
		}
	}
	return ""
}

func (a *API) allowed(actor access.Actor, need web.Access) error {
	switch {
	case need.IsPublic():
		return nil
	case !actor.SignedIn():
		return fault.New(fault.Unauthenticated, "access.sign_in")
	case need.Permit() != "" && !a.access.CanSomewhere(actor, need.Permit()):
		return fault.New(fault.Forbidden, "access.forbidden")
	}
	return nil
}

// Paged is part of the input of every list.
type Paged struct {
	Limit int    `query:"limit" default:"50" minimum:"1" maximum:"500" doc:"Rows a page."`
	After string `query:"after" maxLength:"1000" doc:"Where the former page ended: its next."`

	address url.URL // of the request, with its filters
}

// Resolve notes what was asked for, so that the next page is of the same filters.
func (p *Paged) Resolve(ctx huma.Context) []error {
	p.address = ctx.URL()
	return nil
}

// Page is the body of every list.
type Page[T any] struct {
	Rows []T    `json:"rows"`
	Next string `json:"next,omitempty" doc:"Give it as after for the next page; absent on the last."`
}

// List is the output of every list.
type List[T any] struct {
	Link string `header:"Link" doc:"The address of the next page (RFC 8288)."`
	Body Page[T]
}

// Listed makes the output of a list from what was asked for, the rows, and the key they end at; the last
// page ends at none.
func Listed[T any](asked Paged, rows []T, next string) *List[T] {
	if rows == nil {
		rows = []T{}
	}
	cursor := web.EncodeCursor(next)
	out := &List[T]{Body: Page[T]{Rows: rows, Next: cursor}}
	if cursor != "" {
		query := asked.address.Query()
		query.Set("after", cursor)
		to := url.URL{Path: asked.address.Path, RawQuery: query.Encode()}
		out.Link = fmt.Sprintf("<%s>; rel=\"next\"", to.String())
	}
	return out
}

// Matching is part of the input of every change to a resource with an ETag.
type Matching struct {
	IfMatch string `header:"If-Match" maxLength:"100" doc:"The ETag the resource was read with."`
}

// Version reads the version out of If-Match.
func (m Matching) Version() (int64, error) {
	if m.IfMatch == "" {
		return 0, fault.New(fault.Invalid, "api.if_match")
	}
	text := strings.TrimSuffix(strings.TrimPrefix(m.IfMatch, `"`), `"`)
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil || v < 1 {
		return 0, fault.New(fault.Stale, "store.stale")
	}
	return v, nil
}

// ETag is the tag of a version.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// asFault finds the fault in an error; context errors become Unavailable.
func asFault(err error) *fault.Fault {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fault.New(fault.Unavailable, "store.busy").Because(err)
	}
	return fault.Of(err)
}

// schemaName names a schema after its package and type, so that two modules may both have a "body":
// DeskActBody. A generic type is named after what it holds.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	holder := t.PkgPath()
	if inner, generic := strings.CutPrefix(t.Name()[strings.Index(t.Name(), "[")+1:],
		"github.com/"); generic {
		holder = inner[:strings.LastIndex(inner, ".")] // List[github.com/…/desk.caseBody]
	}
	holder = holder[strings.LastIndex(holder, "/")+1:]
	if holder == "" {
		return name
	}
	return strings.ToUpper(holder[:1]) + holder[1:] + name
}
