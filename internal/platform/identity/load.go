package identity

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Loaded is an account with its posts, put in by the program itself.
type Loaded struct {
	Entry
	Password string // the person's own, not to be changed; people with the same share its hash
	Posts    []Proposal
}

// loadPortion is how many accounts a transaction takes.
const loadPortion = 500

// Load puts in many accounts with approved posts at once, for the demo city and for taking over
// another system. It asks nobody's permit: no page and no operation leads here. It returns their
// numbers in the same order.
func (s *Service) Load(ctx context.Context, all []Loaded) ([]int64, error) {
	hashes := map[string]string{}
	for i, l := range all {
		entry, wrong := l.tidy()
		if len(wrong) > 0 {
			return nil, fault.New(fault.Invalid, "identity.entry").With(wrong)
		}
		all[i].Entry = entry
		for a, p := range l.Posts {
			for _, o := range l.Posts[:a] {
				if !s.together(p.Role, o.Role) {
					return nil, fault.New(fault.Conflict, "identity.post.separate")
				}
			}
		}
		if hashes[l.Password] == "" {
			hash, err := s.hasher.Hash(ctx, l.Password)
			if err != nil {
				return nil, err
			}
			hashes[l.Password] = hash
		}
	}
	ids := make([]int64, len(all))
	for from := 0; from < len(all); from += loadPortion {
		to := min(from+loadPortion, len(all))
		err := s.store.Write(ctx, func(tx *store.Tx) error {
			return s.loadPart(tx, all[from:to], ids[from:to], hashes)
		})
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

type loadedBody struct {
	Accounts int   `json:"accounts"`
	First    int64 `json:"first"`
}

func (s *Service) loadPart(tx *store.Tx, part []Loaded, ids []int64, hashes map[string]string) error {
	first, err := tx.NextIDs(store.City, "account", int64(len(part)))
	if err != nil {
		return err
	}
	var rows []Account
	var kept []secretRow
	var held []Post
	for i, l := range part {
		id := first + int64(i)
		ids[i] = id
		a := Account{ID: id, Login: l.Login, Name: l.Name, Place: l.Place, Language: l.Language,
			State: Active, Created: tx.Now()}
		if err := s.sealPhone(&a, l.Phone); err != nil {
			return err
		}
		rows = append(rows, a)
		kept = append(kept, secretRow{Account: id, Password: hashes[l.Password], Changed: tx.Now()})
		for _, p := range l.Posts {
			p.Account = id
			post, err := s.loadedPost(tx, p)
			if err != nil {
				return err
			}
			held = append(held, post)
		}
	}
	if _, err := tx.Record(store.Event{Kind: "accounts.loaded", Subject: "accounts",
		Body: loadedBody{len(part), first}}); err != nil {
		return err
	}
	if err := accounts.Bulk(tx, rows); err != nil {
		return err
	}
	if err := secrets.Bulk(tx, kept); err != nil {
		return err
	}
	return posts.Bulk(tx, held)
}

func (s *Service) loadedPost(tx *store.Tx, p Proposal) (Post, error) {
	role, err := s.checkProposal(access.Machine, &p)
	if err != nil {
		return Post{}, err
	}
	if _, err := s.nobodyElse(tx, access.Machine, role); err != nil {
		return Post{}, err
	}
	id, err := tx.NextID(store.City, "post")
	return Post{ID: id, Account: p.Account, Role: p.Role, Place: p.Place, Area: p.Area, Since: p.Since,
			Until: p.Until, Document: p.Document, State: Approved, ProposedAt: tx.Now(),
			DecidedAt: tx.Now()},
		err
}
