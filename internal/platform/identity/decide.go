package identity

import (
	"context"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Decision is about one post. Version, unless 0, is the version it was read at.
type Decision struct {
	Post    int64
	Version int64
	Reason  string
	On      period.Date // of ending: the first day it no longer holds; "" today
}

// ApprovePost lets a proposed post take effect.
func (s *Service) ApprovePost(ctx context.Context, actor access.Actor, d Decision) error {
	return s.decide(ctx, actor, d, func(tx *store.Tx, p *Post) error {
		if err := s.access.Require(actor, Approve, p.Place); err != nil {
			return err
		}
		if p.State != Proposed {
			return fault.New(fault.Conflict, "identity.post.decided")
		}
		if !actor.Program && (actor.Account == p.ProposedBy || actor.Account == p.Account) {
			return fault.New(fault.Forbidden, "identity.post.own")
		}
		if _, known := s.access.Role(p.Role); !known {
			return fault.New(fault.Conflict, "identity.post.role", p.Role)
		}
		if err := s.separate(tx, *p); err != nil {
			return err
		}
		p.State, p.DecidedBy, p.DecidedAt = Approved, actor.Account, tx.Now()
		if err := s.succeed(tx, actor, *p); err != nil {
			return err
		}
		return recordPost(tx, actor, *p, "post.approved")
	})
}

// succeed ends the post that an approved one continues elsewhere.
func (s *Service) succeed(tx *store.Tx, actor access.Actor, p Post) error {
	if p.Former == 0 {
		return nil
	}
	former, found, err := posts.First(tx, "WHERE id = ? AND account = ?", p.Former, p.Account)
	if err != nil || !found || !former.InForce(tx.Now().Date()) {
		return err
	}
	closePost(&former, actor, tx)
	if err := recordPost(tx, actor, former, "post.ended"); err != nil {
		return err
	}
	return posts.Update(tx, &former)
}

// RefusePost turns a proposed post down; whoever proposed it may take it back.
func (s *Service) RefusePost(ctx context.Context, actor access.Actor, d Decision) error {
	reason, err := checkReason(d.Reason)
	if err != nil {
		return err
	}
	return s.decide(ctx, actor, d, func(tx *store.Tx, p *Post) error {
		permit := Approve
		if actor.Account == p.ProposedBy {
			permit = Propose
		}
		if err := s.access.Require(actor, permit, p.Place); err != nil {
			return err
		}
		if p.State != Proposed {
			return fault.New(fault.Conflict, "identity.post.decided")
		}
		p.State, p.DecidedBy, p.DecidedAt, p.Reason = Refused, actor.Account, tx.Now(), reason
		return recordPost(tx, actor, *p, "post.refused")
	})
}

// EndPost ends a post before its day. An administrator's post is ended by those who approve posts:
// a system administrator must not be able to do away with the auditor.
func (s *Service) EndPost(ctx context.Context, actor access.Actor, d Decision) error {
	reason, err := checkReason(d.Reason)
	if err != nil {
		return err
	}
	return s.decide(ctx, actor, d, func(tx *store.Tx, p *Post) error {
		permit := End
		if role, _ := s.access.Role(p.Role); role.Administrator != "" {
			permit = Approve
		}
		if err := s.access.Require(actor, permit, p.Place); err != nil {
			return err
		}
		on, today := d.On, tx.Now().Date()
		if on == "" {
			on = today
		}
		switch {
		case p.State != Approved || p.Until <= today:
			return fault.New(fault.Conflict, "identity.post.not_in_force")
		case !on.Valid() || on < today || on > p.Until:
			return fault.New(fault.Invalid, "identity.post.end_day")
		}
		p.Until = max(on, p.Since)
		p.EndedBy, p.EndedAt, p.Reason = actor.Account, tx.Now(), reason
		return recordPost(tx, actor, *p, "post.ended")
	})
}

// closePost ends a post without more ado: with its account, or when another continues it.
func closePost(p *Post, actor access.Actor, tx *store.Tx) {
	if p.State == Proposed {
		p.State, p.DecidedBy, p.DecidedAt = Refused, actor.Account, tx.Now()
		return
	}
	p.Until = max(tx.Now().Date(), p.Since)
	p.EndedBy, p.EndedAt = actor.Account, tx.Now()
}

// decide reads a post, lets fn change it, and writes it together with a new version of its account,
// so that two decisions about one person never pass side by side.
func (s *Service) decide(ctx context.Context, actor access.Actor, d Decision,
	fn func(*store.Tx, *Post) error) error {
	var account int64
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		p, found, err := posts.First(tx, "WHERE id = ?", d.Post)
		if err != nil {
			return err
		}
		if !found {
			return noPost()
		}
		if d.Version != 0 {
			p.Version = d.Version
		}
		account = p.Account
		a, err := s.readable(tx, access.Machine, Read, p.Account)
		if err != nil {
			return err
		}
		if err := fn(tx, &p); err != nil {
			return err
		}
		if p.State == Approved && a.State == Closed && p.EndedAt == 0 {
			return fault.New(fault.Conflict, "identity.closed")
		}
		if err := posts.Update(tx, &p); err != nil {
			return err
		}
		return accounts.Update(tx, &a)
	})
	s.cache.forget(account)
	return err
}
