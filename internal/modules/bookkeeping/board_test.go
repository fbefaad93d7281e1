package bookkeeping_test

import (
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
)

// TestTheScreenInAQuietMonth: a month without vouchers shows the latest ones, and says of each month that is
// over and open that it is to be closed; the month that runs is not.
func TestTheScreenInAQuietMonth(t *testing.T) {
	each(t, func(x *site) {
		x.year()
		x.Clock.Set("2025-06-30")
		now := x.see(x.SignIn(apptest.Login("accountant", village)), x.address(), 200, "2025-06 的凭证",
			"收入 2025-06-03")
		if strings.Contains(now, "收入 2025-05-20") || strings.Contains(now, "应结账") {
			t.Error("June shows May, or is due before it is over")
		}
		x.Clock.Set("2025-08-04")
		quiet := x.see(x.SignIn(apptest.Login("accountant", village)), x.address(), 200, "最近的凭证",
			"收入 2025-06-03", "收入 2025-05-20", "本月还没有过账的凭证")
		if n := strings.Count(quiet, "应结账"); n != 2 {
			t.Errorf("%d months are to be closed, not June and July", n)
		}
	})
}
