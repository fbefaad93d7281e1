package identity

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Proposal is a post that somebody proposes.
type Proposal struct {
	Account  int64
	Role     string
	Place    int64 // neither place nor area: the installation
	Area     int64
	Since    period.Date
	Until    period.Date // the first day it no longer holds; "" no end
	Document string      // number of the paper that gives it
	Former   int64       // the post it succeeds; 0: none
}

// DocumentMax is the number of characters of a document number.
const DocumentMax = 100

// Propose proposes a post. It gives nothing until another person has approved it; only the program
// itself (terrace post give) and the very first security administrator's post need nobody else.
func (s *Service) Propose(ctx context.Context, actor access.Actor, p Proposal) (Post, error) {
	role, err := s.checkProposal(actor, &p)
	if err != nil {
		return Post{}, err
	}
	var post Post
	err = s.store.Write(ctx, func(tx *store.Tx) (err error) {
		post, err = s.propose(tx, actor, p, role)
		return err
	})
	s.cache.forget(p.Account)
	return post, err
}

// checkProposal checks what can be checked without the database.
func (s *Service) checkProposal(actor access.Actor, p *Proposal) (access.Role, error) {
	p.Document = strings.TrimSpace(p.Document)
	if p.Until == "" {
		p.Until = period.Open
	}
	role, known := s.access.Role(p.Role)
	switch {
	case !known:
		return role, fault.New(fault.Invalid, "identity.post.role", p.Role)
	case !p.Since.Valid() || p.Until != period.Open && !p.Until.Valid() || p.Until <= p.Since:
		return role, fault.New(fault.Invalid, "identity.post.days")
	case p.Document == "" && !actor.Program || utf8.RuneCountInString(p.Document) > DocumentMax:
		return role, fault.New(fault.Invalid, "identity.post.document", DocumentMax)
	case p.Place != 0 && p.Area != 0:
		return role, fault.New(fault.Invalid, "identity.post.where")
	}
	if err := notOneself(actor, p.Account); err != nil {
		return role, err
	}
	if err := s.access.Require(actor, Propose, p.Place); err != nil {
		return role, err
	}
	return role, s.checkLevel(role, *p)
}

// checkLevel holds a role to its level. A role without one (nation) may be held anywhere; a city's
// role also at the province, which in a municipality directly under the central government is the city.
func (s *Service) checkLevel(role access.Role, p Proposal) error {
	if p.Area != 0 {
		return nil
	}
	if p.Place == 0 {
		if role.Administrator == "" {
			return fault.New(fault.Invalid, "identity.post.where")
		}
		return nil
	}
	level, known := s.Places().Level(p.Place)
	switch {
	case !known:
		return noPlace()
	case role.Level == division.Nation, level == role.Level,
		role.Level == division.Prefecture && level == division.Province:
		return nil
	}
	return fault.New(fault.Invalid, "identity.post.level", s.Places().Name(p.Place))
}

func (s *Service) propose(tx *store.Tx, actor access.Actor, p Proposal, role access.Role) (Post, error) {
	a, err := s.holder(tx, actor, p.Account)
	if err != nil {
		return Post{}, err
	}
	if p.Former != 0 {
		_, found, err := posts.First(tx, "WHERE id = ? AND account = ?", p.Former, p.Account)
		if err == nil && !found {
			err = noPost()
		}
		if err != nil {
			return Post{}, err
		}
	}
	id, err := tx.NextID(store.City, "post")
	if err != nil {
		return Post{}, err
	}
	post := Post{ID: id, Account: p.Account, Role: p.Role, Place: p.Place, Area: p.Area, Since: p.Since,
		Until: p.Until, Document: p.Document, Former: p.Former, State: Proposed,
		ProposedBy: actor.Account, ProposedAt: tx.Now()}
	if err := s.separate(tx, post); err != nil {
		return post, err
	}
	if err := recordPost(tx, actor, post, "post.proposed"); err != nil {
		return post, err
	}
	alone, err := s.nobodyElse(tx, actor, role)
	if err != nil {
		return post, err
	}
	if alone {
		post.State, post.DecidedAt = Approved, tx.Now()
		if err := recordPost(tx, access.Machine, post, "post.approved"); err != nil {
			return post, err
		}
	}
	if err := posts.Insert(tx, &post); err != nil {
		return post, err
	}
	return post, accounts.Update(tx, &a) // two posts at once for one person: one of them is Stale
}

// holder is the account that is to hold a post.
func (s *Service) holder(tx *store.Tx, actor access.Actor, id int64) (Account, error) {
	a, err := s.readable(tx, actor, Read, id)
	if err == nil && a.State == Closed {
		err = fault.New(fault.Conflict, "identity.closed")
	}
	return a, err
}

// nobodyElse reports whether a proposal needs no second person: the program's own, and the first
// security administrator of an installation. The row of account 0 is written once and for all, so
// that of two first proposals at once one waits and finds it.
func (s *Service) nobodyElse(tx *store.Tx, actor access.Actor, role access.Role) (bool, error) {
	if role.Administrator != securityAdministrator {
		return actor.Program, nil
	}
	n, err := tx.Exec(`INSERT INTO account_use (home, account, signed_in, totp_step)
		VALUES (?, 0, ?, 0) ON CONFLICT (home, account) DO NOTHING`, store.City, tx.Now())
	return n == 1 || actor.Program, err
}

func noPost() error { return fault.New(fault.NotFound, "identity.no_post") }

func postSubject(id int64) string { return "post/" + strconv.FormatInt(id, 10) }

// postBody is what an event says of a post.
type postBody struct {
	Account  int64       `json:"account"`
	Role     string      `json:"role"`
	Place    int64       `json:"place,omitempty"`
	Area     int64       `json:"area,omitempty"`
	Since    period.Date `json:"since"`
	Until    period.Date `json:"until"`
	Document string      `json:"document,omitempty"`
	Former   int64       `json:"former,omitempty"`
}

func recordPost(tx *store.Tx, actor access.Actor, p Post, kind string) error {
	_, err := tx.Record(store.Event{Kind: kind, Subject: postSubject(p.ID), Place: p.Place,
		Actor: actor.Account, Body: postBody{p.Account, p.Role, p.Place, p.Area, p.Since, p.Until,
			p.Document, p.Former}})
	return err
}

// PostsOf are the posts of an account that are in force on a day.
func (s *Service) PostsOf(ctx context.Context, account int64, on period.Date) ([]Post, error) {
	return store.Read(ctx, s.store, func(v *store.View) ([]Post, error) {
		return posts.All(v, `WHERE account = ? AND state = ? AND since <= ? AND until > ? ORDER BY id`,
			account, Approved, on, on)
	})
}
