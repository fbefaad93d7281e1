package app

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/terrace-project/terrace/internal/platform/log"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// verifyCommand proves the database, or with a FILE a certificate.
func (p *Program) verifyCommand() *cobra.Command {
	key := ""
	cmd := &cobra.Command{Use: "verify [FILE]", Short: p.host.Console.T("command.verify"),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return p.verifyCertificate(args[0], key)
			}
			return p.verifyDatabase(cmd)
		}}
	cmd.Flags().StringVar(&key, "key", "", p.host.Console.T("command.verify.key"))
	return cmd
}

func (p *Program) verifyDatabase(cmd *cobra.Command) error {
	closing, err := p.Open(cmd.Context())
	if err != nil {
		return err
	}
	defer closing()
	c := p.host.Console
	var bar func(int64)
	report, err := p.Verify(cmd.Context(), func(done, of int) {
		if bar == nil {
			bar = c.Progress(c.T("app.verifying"), int64(of))
		}
		bar(int64(done))
	})
	if err != nil {
		return err
	}
	c.Findings(report.Findings)
	c.Say("app.verified", report.Homes, report.Events, report.Rows, len(report.Findings))
	if fault.Stops(report.Findings) {
		return fault.New(fault.Conflict, "app.verify_failed", len(report.Findings))
	}
	return nil
}

// Verify proves the log, the seals of all rows and the invariants of all modules again. The program must
// be open.
func (p *Program) Verify(ctx context.Context, progress func(done, of int)) (log.Report, error) {
	report, err := p.host.Log.Verify(ctx, p.Tables(), progress)
	if err != nil {
		return report, err
	}
	for _, m := range p.modules {
		for _, check := range m.Checks {
			if err := check.Run(ctx, func(f fault.Finding) {
				report.Findings = append(report.Findings, f)
			}); err != nil {
				return report, fmt.Errorf("%s: %w", check.Name, err)
			}
		}
	}
	return report, nil
}

// verifyCertificate needs nothing but the file and the public key (or a file that holds it).
func (p *Program) verifyCertificate(name, key string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return fault.New(fault.NotFound, "app.no_file", name).Because(err)
	}
	if content, err := os.ReadFile(key); err == nil {
		key = string(content)
	}
	public, err := log.ParsePublicKey(key)
	if err != nil {
		return err
	}
	proven, err := log.VerifyCertificate(string(text), public)
	if err != nil {
		return err
	}
	c := p.host.Console
	c.Say("app.proven", proven.Checkpoint.Origin, proven.Index, proven.Checkpoint.Size)
	c.Table(nil, [][]string{
		{c.T("app.proven.at"), proven.Event.At.String()},
		{c.T("app.proven.kind"), proven.Event.Kind},
		{c.T("app.proven.subject"), proven.Event.Subject},
		{c.T("app.proven.body"), proven.Event.Body},
	})
	return nil
}
