package app_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/division"
)

const (
	bookClients = 64
	bookTime    = 4 * time.Second
	villages    = 8 // of a city of package apptest
)

// BenchmarkLedgerPosting: vouchers entered, and drafts of others checked, by 64 clients over HTTP/JSON, every
// answer after the commit is on disk. Client and server share the machine.
func BenchmarkLedgerPosting(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		bare := bareBooks(b)
		entered, checked := servedBooks(b, filepath.Join(b.TempDir(), "terrace.db"))
		against := "a posting's rows, a transaction each, database/sql, synchronous=FULL"
		benchmark.Report(b, benchmark.Figure{Name: "ledger/http-enter", Value: entered, Unit: "1/s",
			Baseline: bare, Target: "none", Against: against})
		benchmark.Report(b, benchmark.Figure{Name: "ledger/http-post", Value: checked, Unit: "1/s",
			Baseline: bare, Target: "≥ 3,000/s on 2 cores", Against: against})
	})
	b.Run("postgres", func(b *testing.B) {
		bench := pgbenchRate(b)
		entered, checked := servedBooks(b, storetest.PostgresURL(b))
		benchmark.Report(b, benchmark.Figure{Name: "ledger/http-enter-postgres", Value: entered,
			Unit:     "1/s",
			Baseline: bench, Target: "none", Against: "pgbench -N, 64 clients"})
		benchmark.Report(b, benchmark.Figure{Name: "ledger/http-post-postgres", Value: checked, Unit: "1/s",
			Baseline: bench, Target: "≥ 0.5 ×", Against: "pgbench -N, 64 clients"})
	})
}

// bookClient is one program with the sessions of an accountant and of a head of a village.
type bookClient struct {
	book       ledger.Ref
	enter      *http.Client
	check      *http.Client
	drafts     []draftSeen
	base, name string
}

// draftSeen is a draft as the answer to entering it names it.
type draftSeen struct {
	Home    int64 `json:"home"`
	ID      int64 `json:"id"`
	Version int64 `json:"version"`
}

// servedBooks measures a program that serves: entries a second, then checks a second of those drafts.
func servedBooks(b *testing.B, db string) (entered, checked float64) {
	b.Helper()
	city := apptest.Open(b, db)
	city.Groups = bookClients/villages + 1
	city.Populate()
	city.Serve()
	// The limit of requests is per address; here each comes from another one, as from many villages.
	city.Host.Web.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	clients := bookClients64(b, city)
	var requests atomic.Int64
	entered, err := benchmark.Rate(bookClients, bookTime, func(worker, n int) error {
		return clients[worker].enterOne(n, &requests)
	})
	if err != nil {
		b.Fatal(err)
	}
	checked, err = drained(clients, &requests)
	if err != nil {
		b.Fatal(err)
	}
	return entered, checked
}

// drained checks drafts until none is left or the time is over, and gives checks a second.
func drained(clients []*bookClient, requests *atomic.Int64) (float64, error) {
	var done atomic.Int64
	var all errgroup.Group
	start := time.Now()
	for _, c := range clients {
		all.Go(func() error {
			for n := range c.drafts {
				if time.Since(start) > bookTime {
					break
				}
				if err := c.checkOne(n, requests); err != nil {
					return err
				}
				done.Add(1)
			}
			return nil
		})
	}
	err := all.Wait()
	return float64(done.Load()) / time.Since(start).Seconds(), err
}

// bookClients64 are the clients: the accountant and the head of a village, each with books of one of its
// groups. That 64 people enter at one moment, they do in different books.
func bookClients64(b *testing.B, city *apptest.City) []*bookClient {
	b.Helper()
	var clients []*bookClient
	for i, d := range city.Drafts {
		if d.Level != division.Village {
			continue
		}
		enter := signedIn(b, city, apptest.Login("accountant", i))
		check := signedIn(b, city, apptest.Login("head", i))
		for j, below := range city.Drafts {
			if below.Parent == i && len(clients) < bookClients {
				clients = append(clients, &bookClient{base: city.Serve(), enter: enter, check: check,
					book: openedBooks(b, city, city.IDs[j]), name: strconv.Itoa(len(clients))})
			}
		}
	}
	if len(clients) != bookClients {
		b.Fatalf("%d clients, want %d", len(clients), bookClients)
	}
	return clients
}

func openedBooks(b *testing.B, city *apptest.City, place int64) ledger.Ref {
	b.Helper()
	o, err := store.Read(b.Context(), city.Host.Store, func(v *store.View) (registry.Organisation, error) {
		o, _, err := registry.At(v, place)
		return o, err
	})
	if err != nil {
		b.Fatal(err)
	}
	made, err := city.Ledger.OpenBook(b.Context(), access.Machine, ledger.Opening{Organisation: o.Ref(),
		Chart: "2024", From: "2025-01-01"})
	if err != nil {
		b.Fatal(err)
	}
	return made.Ref()
}

// signedIn is a client with the session of a login and connections enough for all its users.
func signedIn(b *testing.B, city *apptest.City, login string) *http.Client {
	b.Helper()
	client := apptest.Client(b)
	client.Transport = &http.Transport{MaxIdleConnsPerHost: bookClients, MaxIdleConns: 4 * bookClients}
	answer, err := client.Post(city.Serve()+"/sign-in", "application/x-www-form-urlencoded",
		strings.NewReader("login="+login+"&password="+apptest.Password))
	if err != nil {
		b.Fatal(err)
	}
	answer.Body.Close() //nolint:errcheck // nothing of it is read
	if answer.StatusCode != http.StatusSeeOther {
		b.Fatalf("%s cannot sign in: %d", login, answer.StatusCode)
	}
	return client
}

// call is a request of a program.
type call struct {
	path, body  string
	name, value string // of a header
	number      int64  // of the request, among all
}

// enterOne enters a voucher of two lines.
func (c *bookClient) enterOne(n int, requests *atomic.Int64) error {
	ref := c.book
	body := fmt.Sprintf(`{"date":"2025-11-03","summary":"收到租金 %s-%d","postings":[
		{"account":"102","amount_fen":%d},{"account":"501","amount_fen":%d}]}`, c.name, n, 100+n, -100-n)
	var made draftSeen
	err := c.post(c.enter, call{fmt.Sprintf("/api/v1/books/%d/%d/vouchers", ref.Home, ref.ID), body,
		"Idempotency-Key", c.name + "/" + strconv.Itoa(n), requests.Add(1)}, &made)
	if err == nil {
		c.drafts = append(c.drafts, made)
	}
	return err
}

// checkOne posts a draft that another person entered.
func (c *bookClient) checkOne(n int, requests *atomic.Int64) error {
	d := c.drafts[n]
	var done draftSeen
	return c.post(c.check, call{fmt.Sprintf("/api/v1/vouchers/%d/%d/check", d.Home, d.ID), "", "If-Match",
		strconv.Quote(strconv.FormatInt(d.Version, 10)), requests.Add(1)}, &done)
}

func (c *bookClient) post(client *http.Client, q call, into *draftSeen) error {
	r, err := http.NewRequest(http.MethodPost, c.base+q.path, strings.NewReader(q.body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", c.base)
	r.Header.Set(q.name, q.value)
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", q.number>>16&255, q.number>>8&255,
		q.number&255))
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= http.StatusMultipleChoices {
		err = fmt.Errorf("%s answers %d: %.300s", q.path, answer.StatusCode, text)
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// bareBooks does what posting a voucher of two lines writes, a durable transaction each, with nothing but
// database/sql.
func bareBooks(b *testing.B) float64 {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, text := range bareTables {
		if _, err := db.Exec(text); err != nil {
			b.Fatal(err)
		}
	}
	var n atomic.Int64
	rate, err := benchmark.Rate(bookClients, bookTime, func(int, int) error {
		return bareVoucher(b.Context(), db, n.Add(1))
	})
	if err != nil {
		b.Fatal(err)
	}
	return rate
}

var bareTables = []string{
	`CREATE TABLE gate (book INTEGER PRIMARY KEY, posted INTEGER)`,
	`CREATE TABLE voucher (id INTEGER PRIMARY KEY, book INTEGER, number INTEGER, body TEXT, hash TEXT)`,
	`CREATE TABLE posting (voucher INTEGER, line INTEGER, account TEXT, amount INTEGER,
		PRIMARY KEY (voucher, line))`,
	`CREATE TABLE turnover (book INTEGER, account TEXT, debit INTEGER, credit INTEGER,
		PRIMARY KEY (book, account))`,
	`CREATE TABLE event (id INTEGER PRIMARY KEY, body TEXT, rows BLOB, salt BLOB)`,
	`CREATE TABLE event_pending (id INTEGER PRIMARY KEY)`,
}

func bareVoucher(ctx context.Context, db *sql.DB, n int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after the commit it does nothing
	const turnover = `INSERT INTO turnover VALUES (?, ?, ?, ?) ON CONFLICT (book, account)
		DO UPDATE SET debit = debit + excluded.debit, credit = credit + excluded.credit`
	book := n % 24
	for _, s := range []struct {
		text string
		args []any
	}{
		{`INSERT INTO gate VALUES (?, 1) ON CONFLICT (book) DO UPDATE SET posted = posted + 1`,
			[]any{book}},
		{`INSERT INTO voucher VALUES (?, ?, ?, ?, ?)`, []any{n, book, n, "收到租金", strings.Repeat("h", 43)}},
		{`INSERT INTO posting VALUES (?, 1, '102', 100)`, []any{n}},
		{`INSERT INTO posting VALUES (?, 2, '501', -100)`, []any{n}},
		{turnover, []any{book, "102", 100, 0}},
		{turnover, []any{book, "501", 0, 100}},
		{`INSERT INTO event VALUES (?, '{}', ?, ?)`, []any{n, make([]byte, 26), make([]byte, 16)}},
		{`INSERT INTO event_pending VALUES (?)`, []any{n}},
	} {
		if _, err := tx.ExecContext(ctx, s.text, s.args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// pgbenchRate runs PostgreSQL's own benchmark on the same server.
func pgbenchRate(b *testing.B) float64 {
	b.Helper()
	url := storetest.PostgresURL(b)
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	if path, missing := exec.LookPath("pgbench"); missing == nil {
		found = []string{path}
	}
	if err != nil || len(found) == 0 {
		b.Skip("needs pgbench of PostgreSQL's server package")
	}
	if out, err := exec.Command(found[0], "-q", "-i", "-s", "10", url).CombinedOutput(); err != nil {
		b.Fatalf("pgbench -i: %v\n%s", err, out)
	}
	out, err := exec.Command(found[0], "-N", "-c", strconv.Itoa(bookClients), "-j", "2", "-T",
		strconv.Itoa(int(bookTime.Seconds())), url).CombinedOutput()
	if err != nil {
		b.Fatalf("pgbench: %v\n%s", err, out)
	}
	m := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(out)
	if m == nil {
		b.Fatalf("pgbench printed no rate:\n%s", out)
	}
	rate, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return rate
}
