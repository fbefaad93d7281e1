package audit

import (
	"embed"
	"io/fs"
	"strings"
	"time"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/keys"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Texts are this package's entries of the dictionary.
//
//go:embed texts/*.csv
var Texts embed.FS

// Part is the tables of the record.
func Part() store.Part {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return store.Part{Name: "audit", Migrations: root, AppendOnly: []string{"unmasking"}}
}

// Tables are all tables of the package.
func Tables() []store.Sealed { return []store.Sealed{signIns, unmaskings, viewers} }

// Read is the permit of auditors.
const Read access.Permit = "accounts.audit"

// Policy is the rules of the record. A pack may set stricter ones.
type Policy struct {
	SignInsKept     time.Duration `yaml:"sign_ins_kept"`
	UnmaskingsMax   int64         `yaml:"unmaskings_max"`    // an hour and person
	UnmaskReasonMin int           `yaml:"unmask_reason_min"` // characters
}

const day = 24 * time.Hour

// signInsKeptMin is the six months of the law, counted generously.
const signInsKeptMin = 184 * day

// DefaultPolicy is what holds unless a pack says otherwise: 30 an hour is rules-of-data.md §2
// (CONFIG), the rest ours.
func DefaultPolicy() Policy {
	return Policy{SignInsKept: 400 * day, UnmaskingsMax: 30, UnmaskReasonMin: 4}
}

// Config is what the program lends the service.
type Config struct {
	Store  *store.Store
	Keys   *keys.Ring
	Access *access.Service
	Policy Policy // zero: DefaultPolicy
}

// Service keeps the record. It is safe for concurrent use.
type Service struct {
	store  *store.Store
	keys   *keys.Ring
	access *access.Service
	policy Policy
}

// New makes the service of an open store. What a pack sets below the law is raised to it.
func New(c Config) *Service {
	if c.Policy == (Policy{}) {
		c.Policy = DefaultPolicy()
	}
	c.Policy.SignInsKept = max(c.Policy.SignInsKept, signInsKeptMin)
	return &Service{c.Store, c.Keys, c.Access, c.Policy}
}

// LoginHash is the keyed hash under which attempts with a login are kept and found.
func (s *Service) LoginHash(login string) []byte {
	return s.keys.Find("sign_in.login", strings.ToLower(strings.TrimSpace(login)))
}

type signInRow struct {
	Home    int64          `db:"home"`
	ID      int64          `db:"id,key"`
	At      period.Instant `db:"at"`
	Account int64          `db:"account"`
	Place   int64          `db:"place"`
	Login   []byte         `db:"login"`
	Address string         `db:"address"`
	Network string         `db:"network"`
	Agent   string         `db:"agent"`
	Method  Method         `db:"method"`
	Result  Result         `db:"result"`
}

type unmaskingRow struct {
	Home    int64          `db:"home"`
	ID      int64          `db:"id,key"`
	At      period.Instant `db:"at"`
	Account int64          `db:"account"`
	Place   int64          `db:"place"`
	Subject string         `db:"subject"`
	Field   string         `db:"field"`
	Reason  string         `db:"reason"`
}

type viewerRow struct {
	Home    int64          `db:"home"`
	Account int64          `db:"account,key"`
	At      period.Instant `db:"at"`
}

var (
	signIns    = store.NewTable[signInRow]("sign_in").Unsealed()
	unmaskings = store.NewTable[unmaskingRow]("unmasking")
	viewers    = store.NewTable[viewerRow]("unmasking_viewer").Unsealed()
)
