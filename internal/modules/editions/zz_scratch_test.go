package editions

import (
	"fmt"
	"os"
	"runtime/pprof"
	"syscall"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/platform/storetest"
)

func cpuNow() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func BenchmarkScratch(b *testing.B) {
	body := benchShared(b, nationalFile)
	f := onSQLite(b, storetest.WithoutReplay)
	prof := func(name string, fn func() time.Duration) (time.Duration, time.Duration) {
		if dir := os.Getenv("SCRATCH_PROF"); dir != "" {
			w, _ := os.Create(dir + "/" + name + ".prof")
			pprof.StartCPUProfile(w)
			defer func() { pprof.StopCPUProfile(); w.Close() }()
		}
		c := cpuNow()
		t := fn()
		return t, cpuNow() - c
	}
	bw, bc := prof("bare", func() time.Duration { return bareInsert(b, body) })
	fmt.Println("bare   ", bw, bc)
	iw, ic := prof("import", func() time.Duration {
		got, d := timed(b, f, body, "2016-07-31")
		if got.Counts.Added != 713035 {
			b.Fatal(got.Counts)
		}
		return d
	})
	fmt.Println("import ", iw, ic, float64(iw)/float64(bw), float64(ic)/float64(bc))
	bw2, bc2 := prof("bare2", func() time.Duration { return bareInsert(b, body) })
	fmt.Println("bare2  ", bw2, bc2)
	if os.Getenv("SCRATCH_COMPARE") != "" {
		later := laterNational(b, body)
		cw, cc := prof("compare", func() time.Duration {
			_, d := timed(b, f, later, "2017-10-31")
			return d
		})
		fmt.Println("compare", cw, cc, float64(cw)/float64(iw), float64(cc)/float64(ic))
		f.verify()
	}
}
