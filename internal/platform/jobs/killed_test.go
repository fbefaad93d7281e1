package jobs_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

// The variables that turn the test program into a worker: the database, and by how many hours its clock is
// ahead, so that the leases of those killed before it have run out.
const (
	workerDatabase = "TERRACE_JOBS_WORKER"
	workerHours    = "TERRACE_JOBS_HOURS"
)

const (
	killedTotal   = 400
	killedPortion = 5
)

func TestMain(m *testing.M) {
	if url := os.Getenv(workerDatabase); url != "" {
		if err := work(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// work does what is due in a database, slowly enough to be killed in the middle.
func work(url string) error {
	hours, err := strconv.Atoi(os.Getenv(workerHours))
	if err != nil {
		return err
	}
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{URL: url,
		Clock: func() time.Time { return time.Now().Add(time.Duration(hours) * time.Hour) }})
	if err != nil {
		return err
	}
	slow := func(string) error {
		time.Sleep(time.Millisecond)
		return nil
	}
	if err := jobs.New(s, counting(killedTotal, killedPortion, slow)).Drain(ctx); err != nil {
		return err
	}
	return s.Close()
}

// TestKilledAgainAndAgain: worker processes are killed at random moments until one is allowed to end;
// every effect is there exactly once, and the progress never told more than had been done.
func TestKilledAgainAndAgain(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock) {
		service := jobs.New(s, counting(killedTotal, killedPortion, calm))
		id := order(t, s, service, jobs.Order{Home: 1, Kind: "count"})
		seed := rand.Uint64()
		t.Logf("killed with seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 1))
		killed := 0
		for hours := 1; hours < 200; hours++ {
			if worker(t, s.URL(), hours, time.Duration(20+r.IntN(120))*time.Millisecond) {
				break
			}
			killed++
			if n, job := settled(t, s, service, id); n != job.Done {
				t.Fatalf("%d effects, %d told", n, job.Done)
			}
		}
		job := get(t, s, service, 1, id)
		if n := count(t, s, `SELECT count(*) FROM effect`); n != killedTotal || job.State != jobs.Done {
			t.Errorf("%d effects, %+v", n, job)
		}
		if killed == 0 {
			t.Error("no worker was killed")
		}
	}, storetest.WithoutReplay)
}

// settled counts the effects beside the job as it is: what a process committed as it was killed may reach
// a PostgreSQL server a moment later.
func settled(t *testing.T, s *store.Store, service *jobs.Service, id int64) (effects int64, job jobs.Job) {
	t.Helper()
	for {
		before := get(t, s, service, 1, id)
		effects = count(t, s, `SELECT count(*) FROM effect`)
		if job = get(t, s, service, 1, id); job == before {
			return effects, job
		}
	}
}

// worker starts a process and kills it after a time; true if it came to its end before.
func worker(t *testing.T, url string, hours int, life time.Duration) bool {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), workerDatabase+"="+url, workerHours+"="+strconv.Itoa(hours))
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Fatal(err)
		}
		return true
	case <-time.After(life):
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-ended
		return false
	}
}
