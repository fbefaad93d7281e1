package web

import (
	"net/http"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Access is who may ask for a route at all. What a use case needs at a place it checks itself.
type Access struct {
	kind   accessKind
	permit access.Permit
}

type accessKind int

const (
	unset accessKind = iota
	public
	signedIn
	permitted
)

// Public is open to anybody.
func Public() Access { return Access{kind: public} }

// SignedIn is open to everybody with an account.
func SignedIn() Access { return Access{kind: signedIn} }

// Permitted is open to those who have the permit somewhere. The handler still asks where.
func Permitted(p access.Permit) Access { return Access{kind: permitted, permit: p} }

// IsPublic reports whether nobody in particular may ask.
func (a Access) IsPublic() bool { return a.kind == public }

// Permit is the permit asked for, if any.
func (a Access) Permit() access.Permit { return a.permit }

// Route is one address and what answers it.
type Route struct {
	Pattern string // as in http.ServeMux: "GET /assets/{home}/{id}"
	Access  Access
	BodyMax int64 // bytes; 0: FormMax
	Handle  func(*Request) (Answer, error)
}

// FormMax is the number of bytes a posted form may have unless the route says otherwise.
const FormMax = 1 << 20

// Handle adds routes. It panics if one states no access.
func (s *Server) Handle(routes ...Route) {
	for _, route := range routes {
		if route.Access.kind == unset {
			panic("web: the route " + route.Pattern + " states no access")
		}
		s.routes = append(s.routes, route)
		s.mux.HandleFunc(route.Pattern, func(w http.ResponseWriter, r *http.Request) {
			s.serve(w, r, route)
		})
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, route Route) {
	observation(r.Context()).Route = route.Pattern
	limit := route.BodyMax
	if limit == 0 {
		limit = FormMax
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	request := s.request(r)
	if err := s.allowed(request.Actor, route.Access); err != nil {
		s.fail(w, request, err)
		return
	}
	answer, err := route.Handle(request)
	if err == nil {
		err = answer.write(s, w, request)
	}
	if err != nil {
		s.fail(w, request, err)
	}
}

func (s *Server) allowed(a access.Actor, need Access) error {
	switch {
	case need.kind == public:
		return nil
	case !a.SignedIn():
		return fault.New(fault.Unauthenticated, "access.sign_in")
	case need.kind == permitted && !s.Access.CanSomewhere(a, need.permit):
		return fault.New(fault.Forbidden, "access.forbidden")
	}
	return nil
}
