package identity

import (
	"github.com/terrace-project/terrace/internal/platform/audit"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// State is whether an account can be used.
type State string

// The states. Closed is for good.
const (
	Active State = "active"
	Locked State = "locked" // by an administrator; a lock after failures ends by itself
	Closed State = "closed"
)

// Account is a person's way in.
type Account struct {
	ID         int64          `db:"id,key"`
	Version    int64          `db:"version,version"`
	Login      string         `db:"login"`
	Name       string         `db:"name"`
	Phone      []byte         `db:"phone"` // sealed; Service.Phone opens it
	PhoneFind  []byte         `db:"phone_find"`
	Place      int64          `db:"place"` // whose administrators look after it; 0: the installation's
	Language   string         `db:"language"`
	State      State          `db:"state"`
	MustChange bool           `db:"must_change"`
	Subject    string         `db:"subject"` // at the OIDC provider; "" none
	Created    period.Instant `db:"created"`
	CreatedBy  int64          `db:"created_by"`
}

// PostState is how far a post has come.
type PostState string

// The states of a post. Whether an approved one is in force its days say.
const (
	Proposed PostState = "proposed"
	Approved PostState = "approved"
	Refused  PostState = "refused"
)

// Post is a role of an account at a place, in an area or at the installation.
type Post struct {
	ID         int64          `db:"id,key"`
	Version    int64          `db:"version,version"`
	Account    int64          `db:"account"`
	Role       string         `db:"role"`
	Place      int64          `db:"place"`
	Area       int64          `db:"area"`
	Since      period.Date    `db:"since"`
	Until      period.Date    `db:"until"` // the first day it no longer holds
	Document   string         `db:"document"`
	Former     int64          `db:"former"` // the post it succeeds; 0: none
	State      PostState      `db:"state"`
	ProposedBy int64          `db:"proposed_by"` // 0: the program
	ProposedAt period.Instant `db:"proposed_at"`
	DecidedBy  int64          `db:"decided_by"` // 0: the program, or not yet
	DecidedAt  period.Instant `db:"decided_at"` // 0: not yet
	EndedBy    int64          `db:"ended_by"`
	EndedAt    period.Instant `db:"ended_at"` // 0: not ended before its day
	Reason     string         `db:"reason"`   // of refusing or ending it
}

// Span is the days on which the post holds.
func (p Post) Span() period.Span { return period.Span{From: p.Since, To: p.Until} }

// InForce reports whether the post gives something on the day.
func (p Post) InForce(on period.Date) bool { return p.State == Approved && p.Span().Contains(on) }

type secretRow struct {
	Home         int64          `db:"home"`
	Account      int64          `db:"account,key"`
	Version      int64          `db:"version,version"`
	Password     string         `db:"password"`
	Changed      period.Instant `db:"changed"`
	OneTimeUntil period.Instant `db:"one_time_until"`
	Former       string         `db:"former"`
	TOTP         []byte         `db:"totp"`
	TOTPSince    period.Instant `db:"totp_since"`
	Recovery     string         `db:"recovery"`
}

type tokenRow struct {
	Home    int64          `db:"home"`
	ID      int64          `db:"id,key"`
	Version int64          `db:"version,version"`
	Account int64          `db:"account"`
	Name    string         `db:"name"`
	Hash    []byte         `db:"hash"`
	Permits string         `db:"permits"`
	Created period.Instant `db:"created"`
	Until   period.Date    `db:"until"`
	Revoked period.Instant `db:"revoked"`
}

type sessionRow struct {
	Home    int64          `db:"home"`
	ID      int64          `db:"id,key"`
	Token   []byte         `db:"token"`
	Account int64          `db:"account"`
	Method  audit.Method   `db:"method"`
	Factors int8           `db:"factors"`
	Waiting bool           `db:"waiting"`
	Created period.Instant `db:"created"`
	Seen    period.Instant `db:"seen"`
	Expires period.Instant `db:"expires"`
	Address string         `db:"address"`
	Agent   string         `db:"agent"`
}

type guardRow struct {
	Home        int64          `db:"home"`
	Login       []byte         `db:"login,key"`
	Tries       int64          `db:"tries"`
	Last        period.Instant `db:"last"`
	LockedUntil period.Instant `db:"locked_until"`
}

type useRow struct {
	Home     int64          `db:"home"`
	Account  int64          `db:"account,key"`
	SignedIn period.Instant `db:"signed_in"`
	TOTPStep int64          `db:"totp_step"`
}

type tokenUseRow struct {
	Home  int64          `db:"home"`
	Token int64          `db:"token,key"`
	At    period.Instant `db:"at"`
}

var (
	accounts  = store.NewTable[Account]("account")
	posts     = store.NewTable[Post]("post")
	secrets   = store.NewTable[secretRow]("account_secret")
	tokens    = store.NewTable[tokenRow]("api_token")
	sessions  = store.NewTable[sessionRow]("session").Unsealed()
	guards    = store.NewTable[guardRow]("sign_in_guard").Unsealed()
	uses      = store.NewTable[useRow]("account_use").Unsealed()
	tokenUses = store.NewTable[tokenUseRow]("api_token_use").Unsealed()
)
