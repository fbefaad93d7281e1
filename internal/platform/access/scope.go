package access

import (
	"bytes"
	"slices"
	"strings"
)

// Scope is where an actor may do an act: a set of subtrees. The zero Scope is nowhere.
type Scope struct {
	roots []Path // sorted, none inside another
	all   bool
}

// Scope is where the actor may do the act.
func (s *Service) Scope(a Actor, permit Permit) Scope {
	if a.Program {
		return Scope{all: true}
	}
	if permit == "" || a.Only != nil && !slices.Contains(a.Only, permit) {
		return Scope{}
	}
	var roots []Path
	for _, post := range a.Posts {
		role, ok := s.Role(post.Role)
		if !ok || !slices.Contains(role.Permits, permit) {
			continue
		}
		if post.AtInstallation() && role.Administrator != "" {
			return Scope{all: true}
		}
		roots = append(roots, s.reach(post)...)
	}
	return Scope{roots: prune(roots)}
}

// reach is the roots of the subtrees that a post covers today.
func (s *Service) reach(post Post) []Path {
	at := []int64{post.Place}
	if places := s.places.Load(); places != nil && post.Area != 0 {
		at = (*places).Members(post.Area)
	}
	var roots []Path
	for _, place := range at {
		if path := s.Path(place); len(path) > 0 {
			roots = append(roots, path)
		}
	}
	return roots
}

// Within narrows the scope to a subtree.
func (s Scope) Within(root Path) Scope {
	if len(root) == 0 {
		return Scope{}
	}
	if s.Contains(root) {
		return Scope{roots: []Path{root}}
	}
	var inside []Path
	for _, r := range s.roots {
		if r.Inside(root) {
			inside = append(inside, r)
		}
	}
	return Scope{roots: inside}
}

// Subtree is one place and all below it, whoever asks: for filters, never for rights.
func (s *Service) Subtree(place int64) Scope {
	if path := s.Path(place); len(path) > 0 {
		return Scope{roots: []Path{path}}
	}
	return Scope{}
}

// prune sorts the roots and drops those inside another.
func prune(roots []Path) []Path {
	slices.SortFunc(roots, func(a, b Path) int { return bytes.Compare(a, b) })
	var kept []Path
	for _, r := range roots {
		if len(kept) == 0 || !r.Inside(kept[len(kept)-1]) {
			kept = append(kept, r)
		}
	}
	return kept
}

// Empty reports whether the scope is nowhere.
func (s Scope) Empty() bool { return !s.all && len(s.roots) == 0 }

// Contains reports whether a place at the path lies in the scope.
func (s Scope) Contains(p Path) bool {
	if s.all {
		return true
	}
	return len(p) > 0 && slices.ContainsFunc(s.roots, func(r Path) bool { return p.Inside(r) })
}

// Roots are the paths of the subtrees, for choosing homes and breadcrumbs. A scope of everything
// has none; see All.
func (s Scope) Roots() []Path { return s.roots }

// All reports whether the scope is everything (the program itself, administrators of the
// installation).
func (s Scope) All() bool { return s.all }

// SQL is the predicate on a column that holds a place's path (table place_path), and its arguments.
// An empty scope is false.
func (s Scope) SQL(column string) (string, []any) {
	if s.all {
		return "1 = 1", nil
	}
	if len(s.roots) == 0 {
		return "1 = 0", nil
	}
	terms := make([]string, len(s.roots))
	args := make([]any, 0, 2*len(s.roots))
	for i, r := range s.roots {
		terms[i] = column + " >= ? AND " + column + " < ?"
		args = append(args, []byte(r), r.end())
	}
	return "(" + strings.Join(terms, " OR ") + ")", args
}

// Under is the scope of one subtree, for filters.
func Under(root Path) Scope {
	if len(root) == 0 {
		return Scope{}
	}
	return Scope{roots: []Path{root}}
}

// Places is the predicate on a column that holds a place's number. What stands at no place (0)
// passes only a scope of everything.
func (s Scope) Places(column string) (string, []any) {
	sql, args := s.SQL("path")
	if s.all {
		return sql, args
	}
	return column + " IN (SELECT place FROM place_path WHERE " + sql + ")", args
}
