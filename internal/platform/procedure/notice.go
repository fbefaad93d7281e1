package procedure

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Content is what a notice says: a title, words, and tables. It carries nothing that the rules of
// public notices forbid (no identity numbers, telephones, accounts, health); the module that makes
// it sees to that.
type Content struct {
	Title  words.Words   `json:"title"`
	Lead   words.Words   `json:"lead"`
	Tables []words.Table `json:"tables"`
}

func subject(kind string, id int64) string { return kind + "/" + strconv.FormatInt(id, 10) }

// sideEffects keeps notices and objections in step with the case.
func (e *Engine) sideEffects(tx *store.Tx, f File, before flow.Case, a flow.Act) error {
	wasNotice := before.Version > 0 && before.Step().Kind == flow.Notice
	left := before.Version > 0 && (before.At != f.Case.At || before.Round != f.Case.Round ||
		f.Case.Status.Final())
	switch {
	case a.Verb == flow.Post:
		return e.post(tx, f, a)
	case wasNotice && left && a.Verb == flow.Close:
		return endNotices(tx, f, noticeClosed)
	case wasNotice && left:
		return endNotices(tx, f, noticeVoid)
	}
	return nil
}

// post keeps what is posted, with its hash; a former posting of the case is void.
func (e *Engine) post(tx *store.Tx, f File, a flow.Act) error {
	h := e.handler(f.Procedure)
	if h.Notice == nil {
		return fault.New(fault.Conflict, "procedure.no_notice")
	}
	content, err := h.Notice(tx, f)
	if err != nil {
		return err
	}
	encoded, err := json.Marshal(content)
	if err != nil {
		return err
	}
	if err := endNotices(tx, f, noticeVoid); err != nil {
		return err
	}
	id, err := tx.NextID(f.Home, "procedure_notice")
	if err != nil {
		return err
	}
	sum := sha256.Sum256(encoded)
	row := NoticeRow{Home: f.Home, ID: id, Case: f.ID, Place: f.Place, TitleZh: content.Title.Chinese,
		TitleEn: content.Title.English, Content: string(encoded), Hash: hex.EncodeToString(sum[:]),
		Posted: a.At.Date(), Ends: a.Ends, State: noticeUp}
	if err := notices.Insert(tx, &row); err != nil {
		return err
	}
	_, err = tx.Record(store.Event{Home: f.Home, Kind: "notice.posted", Subject: subject("notice", id),
		Place: f.Place,
		Actor: a.Actor, Body: noticeBody{f.Subject, row.Hash, row.Posted, row.Ends}})
	return err
}

type noticeBody struct {
	About  string      `json:"about"`
	Hash   string      `json:"sha256"`
	Posted period.Date `json:"posted"`
	Ends   period.Date `json:"ends"`
}

func endNotices(tx *store.Tx, f File, state string) error {
	up, err := notices.All(tx, "WHERE home = ? AND kase = ? AND state = ?", f.Home, f.ID, noticeUp)
	if err != nil {
		return err
	}
	for _, n := range up {
		n.State = state
		if err := notices.Update(tx, &n); err != nil {
			return err
		}
	}
	return nil
}

// Notice reads a posting and what it says.
func (e *Engine) Notice(r store.Reader, home, id int64) (NoticeRow, Content, error) {
	row, found, err := notices.First(r, "WHERE home = ? AND id = ?", home, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "procedure.notice_gone")
	}
	var content Content
	if err == nil {
		err = json.Unmarshal([]byte(row.Content), &content)
	}
	return row, content, err
}

// Notices lists the postings of a case, newest first.
func (e *Engine) Notices(r store.Reader, ref Ref) ([]NoticeRow, error) {
	return notices.All(r, "WHERE home = ? AND kase = ? ORDER BY id DESC", ref.Home, ref.ID)
}

// NoticesUp lists what is on notice on a day, soonest end first, optionally within a subtree.
func (e *Engine) NoticesUp(r store.Reader, within access.Scope, after NoticeKey, limit int) ([]NoticeRow,
	error) {
	predicate, args := within.SQL("p.path")
	args = append([]any{noticeUp, after.Ends, after.Ends, after.Home, after.Home, after.ID}, args...)
	return store.All[NoticeRow](r, `SELECT n.home, n.id, n.version, n.kase, n.place, n.title_zh, n.title_en,
		'' AS content, n.hash, n.posted, n.ends, n.state
		FROM procedure_notice n JOIN place_path p ON p.place = n.place
		WHERE n.state = ?
		AND (n.ends > ? OR n.ends = ? AND (n.home > ? OR n.home = ? AND n.id > ?)) AND `+predicate+
		` ORDER BY n.ends, n.home, n.id LIMIT ?`, append(args, limit)...)
}

// NoticeKey is where a page of notices ended.
type NoticeKey struct {
	Ends     period.Date
	Home, ID int64
}

// Objecting is an objection as somebody states it.
type Objecting struct {
	Name, Contact, Body string
}

// Lengths of what an objector may write, in characters.
const (
	objectionMax = 2000
	nameMax      = 50
	contactMax   = 100
)

// Object registers an objection to the notice that is up. Anybody may: actor may be nobody.
func (e *Engine) Object(ctx context.Context, actor access.Actor, ref Ref, o Objecting) (int64, error) {
	o.Name, o.Contact, o.Body = strings.TrimSpace(o.Name), strings.TrimSpace(o.Contact),
		strings.TrimSpace(o.Body)
	if o.Name == "" || o.Contact == "" || o.Body == "" {
		return 0, fault.New(fault.Invalid, "procedure.objection_empty")
	}
	if utf8.RuneCountInString(o.Body) > objectionMax || utf8.RuneCountInString(o.Name) > nameMax ||
		utf8.RuneCountInString(o.Contact) > contactMax {
		return 0, fault.New(fault.TooLarge, "procedure.objection_long", objectionMax)
	}
	var number int64
	err := e.store.Write(ctx, func(tx *store.Tx) error {
		f, err := e.DoIn(tx, actor, ref, 0, flow.Act{Verb: flow.Object})
		if err != nil {
			return err
		}
		state := f.Case.Notice.Objections[len(f.Case.Notice.Objections)-1]
		number = int64(state.Number)
		row := ObjectionRow{Home: ref.Home, Case: ref.ID, Number: number, Body: o.Body, At: tx.Now(),
			Account: actor.Account, Due: state.Due}
		if row.Name, err = e.keys.Seal(tx.Randomness(), "procedure_objection.name", o.Name); err != nil {
			return err
		}
		if row.Contact, err = e.keys.Seal(tx.Randomness(), "procedure_objection.contact",
			o.Contact); err != nil {
			return err
		}
		return objections.Insert(tx, &row)
	})
	return number, err
}

// Answering is the answer to an objection. One that is upheld keeps the case from going forward: it
// must be returned.
type Answering struct {
	Number int64
	Body   string
	Upheld bool
}

// AnswerObjection answers an objection, once.
func (e *Engine) AnswerObjection(ctx context.Context, actor access.Actor, ref Ref, a Answering) error {
	a.Body = strings.TrimSpace(a.Body)
	if a.Body == "" || utf8.RuneCountInString(a.Body) > objectionMax {
		return fault.New(fault.Invalid, "procedure.answer_empty", objectionMax)
	}
	act := flow.Act{Verb: flow.Answer, Objection: int(a.Number), Upheld: a.Upheld}
	return e.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := e.DoIn(tx, actor, ref, 0, act); err != nil {
			return err
		}
		row, err := objections.Get(tx, ref.Home, ref.ID, a.Number)
		if err != nil {
			return err
		}
		row.Answer, row.AnsweredAt, row.AnsweredBy, row.Upheld = a.Body, tx.Now(), actor.Account, a.Upheld
		return objections.Update(tx, &row)
	})
}

// Objections lists the objections to a case, oldest first; names stay sealed.
func (e *Engine) Objections(r store.Reader, ref Ref) ([]ObjectionRow, error) {
	return objections.All(r, "WHERE home = ? AND kase = ? ORDER BY number", ref.Home, ref.ID)
}

// Objector opens who made an objection, for those who answer it.
func (e *Engine) Objector(o ObjectionRow) (name, contact string, err error) {
	if name, err = e.keys.Open("procedure_objection.name", o.Name); err != nil {
		return "", "", err
	}
	contact, err = e.keys.Open("procedure_objection.contact", o.Contact)
	return name, contact, err
}
