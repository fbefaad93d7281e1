package territory

import (
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory/finder"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/pinyin"
)

// newFinder makes today's places searchable by name, code, pinyin and initials.
func newFinder(t *tree.Tree) *finder.Finder {
	s := pinyin.Default()
	entries := make([]finder.Entry, t.Len())
	var full, initials []byte
	for n := range tree.Node(t.Len()) {
		full, initials = s.Append(t.Name(n), full[:0], initials[:0])
		entries[n] = finder.Entry{Level: t.Level(n), From: int32(n), To: int32(t.End(n)),
			Name: strings.ToLower(t.Name(n)), Code: t.Code(n), Pinyin: string(full),
			Initials: string(initials)}
	}
	return finder.New(entries)
}

// Found is a place that a search found.
type Found struct {
	ID   int64
	Code string
	Name string
	Path string // the way to it in words, without itself
}

// FoundMax is how many places a search gives at most.
const FoundMax = 20

// Search finds places of today by name, code, full pinyin or initials; "涪陵 新村" finds the 新村 of
// 涪陵. The best come first: equal before begun before contained, a county before a village.
func (s *Service) Search(query string, limit int) []Found {
	m := s.moment()
	var all []Found
	for _, node := range m.finder().Find(query, min(limit, FoundMax)) {
		n := tree.Node(node)
		all = append(all, Found{ID: m.tree.ID(n), Code: m.tree.Code(n), Name: m.tree.Name(n),
			Path: Above(m.tree, n)})
	}
	return all
}
