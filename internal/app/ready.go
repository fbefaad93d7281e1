package app

import (
	"io"
	"net"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// readyCommand asks the program that serves here whether it is ready: for containers, which have no
// other program to ask with. It opens nothing itself.
func (p *Program) readyCommand() *cobra.Command {
	c := p.host.Console
	return &cobra.Command{Use: "ready", Short: c.T("command.ready"), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			host, port, err := net.SplitHostPort(p.host.Config.Text("addr"))
			if err != nil {
				return fault.New(fault.Unavailable, "app.not_ready",
					p.host.Config.Text("addr")).Because(err)
			}
			if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
				host = "localhost"
			}
			address := net.JoinHostPort(host, port)
			client := http.Client{Timeout: 2 * readyTime}
			r, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, "http://"+address+"/readyz",
				nil)
			if err != nil {
				return err
			}
			answer, err := client.Do(r)
			if err != nil {
				return fault.New(fault.Unavailable, "app.not_ready", address).Because(err)
			}
			defer answer.Body.Close()
			if _, err := io.Copy(c.Out, io.LimitReader(answer.Body, 4<<10)); err != nil {
				return err
			}
			if answer.StatusCode != http.StatusOK {
				return fault.New(fault.Unavailable, "app.not_ready", address)
			}
			return nil
		}}
}
