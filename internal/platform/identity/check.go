package identity

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// CheckPosts proves over all posts that nobody holds two of the three administrators' roles on a
// common day, that nobody approved their own proposal or their own post, and that spans are whole.
func (s *Service) CheckPosts(ctx context.Context, report func(fault.Finding)) error {
	return s.store.View(ctx, func(v *store.View) error {
		var held []Post // of one account
		for p, err := range store.Each[Post](v, postsByAccount, Approved) {
			if err != nil {
				return err
			}
			if len(held) > 0 && held[0].Account != p.Account {
				held = nil
			}
			s.checkPost(p, held, report)
			held = append(held, p)
		}
		return nil
	})
}

const postsByAccount = `SELECT id, version, account, role, place, area, since, until, document, former,
	state, proposed_by, proposed_at, decided_by, decided_at, ended_by, ended_at, reason
	FROM post WHERE state = ? ORDER BY account, id`

func (s *Service) checkPost(p Post, held []Post, report func(fault.Finding)) {
	if p.Until < p.Since {
		report(fault.Wrong("identity.check.span", p.ID))
	}
	if p.DecidedBy != 0 && (p.DecidedBy == p.ProposedBy || p.DecidedBy == p.Account) {
		report(fault.Wrong("identity.check.own", p.ID))
	}
	for _, o := range held {
		if o.Since < o.Until && p.Since < p.Until && o.Span().Overlaps(p.Span()) &&
			!s.together(p.Role, o.Role) {
			report(fault.Wrong("identity.check.separate", p.ID, o.ID))
		}
	}
}
