package identity

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/password"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Entry is what an administrator enters of a person.
type Entry struct {
	Login    string
	Name     string
	Phone    string
	Place    int64
	Language string // zh, en or "" for the browser's
}

// NameMax is the number of characters a name may have.
const NameMax = 50

var (
	loginPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._@+-]{2,63}$`)
	phonePattern = regexp.MustCompile(`^(1[3-9]\d{9}|0\d{9,11}|\+\d{8,15})$`)
	phoneMarks   = strings.NewReplacer(" ", "", "-", "", "（", "", "）", "", "(", "", ")", "")
)

// tidy brings an entry into the form in which it is kept and lists what is wrong with it.
func (e Entry) tidy() (Entry, []fault.Finding) {
	e.Login = strings.ToLower(strings.TrimSpace(e.Login))
	e.Name = strings.Join(strings.Fields(e.Name), " ")
	e.Phone = phoneMarks.Replace(strings.TrimSpace(e.Phone))
	var wrong []fault.Finding
	if !loginPattern.MatchString(e.Login) {
		wrong = append(wrong, fault.Wrong("identity.entry.login").At("", 0, "login").Saw(e.Login))
	}
	if n := utf8.RuneCountInString(e.Name); n == 0 || n > NameMax ||
		strings.ContainsFunc(e.Name, unicode.IsControl) || !utf8.ValidString(e.Name) {
		wrong = append(wrong, fault.Wrong("identity.entry.name", NameMax).At("", 0, "name"))
	}
	if e.Phone != "" && !phonePattern.MatchString(e.Phone) {
		wrong = append(wrong, fault.Wrong("identity.entry.phone").At("", 0, "phone"))
	}
	if e.Language != "" && e.Language != "zh" && e.Language != "en" {
		wrong = append(wrong, fault.Wrong("identity.entry.language").At("", 0, "language").
			Saw(e.Language))
	}
	return e, wrong
}

func (e Entry) personal() map[string]string {
	return map[string]string{"login": e.Login, "name": e.Name, "phone": e.Phone}
}

// Create makes an account and its one-time password, which is shown once and kept nowhere.
func (s *Service) Create(ctx context.Context, actor access.Actor, entry Entry) (Account, string, error) {
	entry, wrong := entry.tidy()
	if len(wrong) > 0 {
		return Account{}, "", fault.New(fault.Invalid, "identity.entry").With(wrong)
	}
	if err := s.access.Require(actor, Change, entry.Place); err != nil {
		return Account{}, "", err
	}
	oneTime, hash, err := s.newOneTime(ctx)
	if err != nil {
		return Account{}, "", err
	}
	var made Account
	err = s.store.Write(ctx, func(tx *store.Tx) (err error) {
		made, err = s.insert(tx, actor, entry, hash)
		return err
	})
	if fault.HasKey(err, "store.duplicate") {
		err = fault.New(fault.Conflict, "identity.login_taken", entry.Login).Because(err)
	}
	return made, oneTime, err
}

func (s *Service) newOneTime(ctx context.Context) (oneTime, hash string, err error) {
	oneTime = password.OneTime(s.store.Random)
	hash, err = s.hasher.Hash(ctx, oneTime)
	return oneTime, hash, err
}

// insert adds the account with its secrets and records it. The password is a one-time password.
func (s *Service) insert(tx *store.Tx, actor access.Actor, e Entry, hash string) (Account, error) {
	id, err := tx.NextID(store.City, "account")
	if err != nil {
		return Account{}, err
	}
	a := Account{ID: id, Login: e.Login, Name: e.Name, Place: e.Place, Language: e.Language,
		State: Active, MustChange: true, Created: tx.Now(), CreatedBy: actor.Account}
	if err := s.sealPhone(&a, e.Phone); err != nil {
		return a, err
	}
	_, taken, err := accounts.First(tx, "WHERE login = ?", e.Login)
	if err != nil {
		return a, err
	}
	if taken {
		return a, fault.New(fault.Conflict, "identity.login_taken", e.Login)
	}
	if err := accounts.Insert(tx, &a); err != nil {
		return a, err
	}
	secret := secretRow{Account: id, Password: hash, Changed: tx.Now(),
		OneTimeUntil: tx.Now().Add(s.policy.OneTimeTime)}
	if err := secrets.Insert(tx, &secret); err != nil {
		return a, err
	}
	_, err = tx.Record(store.Event{Kind: "account.created", Subject: subjectOf(id), Place: e.Place,
		Actor: actor.Account, Personal: e.personal()})
	return a, err
}

func subjectOf(account int64) string { return "account/" + strconv.FormatInt(account, 10) }

const phoneColumn = "account.phone"

func (s *Service) sealPhone(a *Account, phone string) (err error) {
	a.Phone, err = s.keys.Seal(s.store.Randomness(), phoneColumn, phone)
	a.PhoneFind = s.keys.Find(phoneColumn, phone)
	return err
}

// Phone opens an account's phone. Show it masked (package mask) unless Unmask allowed more.
func (s *Service) Phone(a Account) (string, error) { return s.keys.Open(phoneColumn, a.Phone) }

// Account is the account of a number, if the actor may read it.
func (s *Service) Account(ctx context.Context, actor access.Actor, id int64) (Account, error) {
	return store.Read(ctx, s.store, func(v *store.View) (Account, error) {
		return s.readable(v, actor, Read, id)
	})
}

// readable is the account, if the actor has the permit where it is looked after.
func (s *Service) readable(r store.Reader, actor access.Actor, permit access.Permit, id int64) (Account,
	error) {
	a, found, err := accounts.First(r, "WHERE id = ?", id)
	if err != nil {
		return a, err
	}
	if !found {
		return a, noAccount()
	}
	return a, s.access.Require(actor, permit, a.Place)
}

func noAccount() error { return fault.New(fault.NotFound, "identity.no_account") }
func noPlace() error   { return fault.New(fault.Invalid, "identity.no_place") }

// ByLogin is the account with a login, if the actor may read it.
func (s *Service) ByLogin(ctx context.Context, actor access.Actor, login string) (Account, error) {
	return store.Read(ctx, s.store, func(v *store.View) (Account, error) {
		a, found, err := accounts.First(v, "WHERE login = ?", strings.ToLower(strings.TrimSpace(login)))
		if err == nil && !found {
			err = noAccount()
		}
		if err != nil {
			return a, err
		}
		return a, s.access.Require(actor, Read, a.Place)
	})
}

// Self is one's own account.
func (s *Service) Self(ctx context.Context, actor access.Actor) (Account, error) {
	return store.Read(ctx, s.store, func(v *store.View) (Account, error) {
		a, found, err := accounts.First(v, "WHERE id = ?", actor.Account)
		if err == nil && !found {
			err = fault.New(fault.Unauthenticated, "access.sign_in")
		}
		return a, err
	})
}

// Name is how a person is shown to others.
type Name struct{ Login, Name string }

// Names tells who accounts are, for showing who did something. The program is not among them.
func (s *Service) Names(ctx context.Context, ids []int64) (map[int64]Name, error) {
	names := map[int64]Name{}
	if len(ids) == 0 {
		return names, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	err := s.store.View(ctx, func(v *store.View) error {
		list, err := accounts.All(v, "WHERE id IN ("+marks(len(ids))+")", args...)
		for _, a := range list {
			names[a.ID] = Name{a.Login, a.Name}
		}
		return err
	})
	return names, err
}

// marks is n placeholders.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
