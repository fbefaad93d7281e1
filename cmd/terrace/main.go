// Command terrace is the whole system in one program; see terrace --help.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/terrace-project/terrace/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	program := app.New(app.Process())
	code := program.Main(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
