package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Code says which kind of refusal this is. Codes map to HTTP in one table (platform/web) and to
// exit codes of the command line in one other (platform/cli).
type Code string

// The codes. A new one needs a line in the tables of platform/web and platform/cli.
const (
	Invalid         Code = "invalid"         // the request itself is wrong
	Unauthenticated Code = "unauthenticated" // nobody is signed in
	Forbidden       Code = "forbidden"       // somebody is, but may not
	NotFound        Code = "not_found"       // there is no such thing, or not for this person
	Conflict        Code = "conflict"        // the thing is not in a state that allows it
	Stale           Code = "stale"           // somebody else changed it meanwhile
	TooLarge        Code = "too_large"       // a limit on size
	Unsupported     Code = "unsupported"     // a file or media type we do not read
	Limited         Code = "limited"         // too often
	Unavailable     Code = "unavailable"     // not now; try again
	Internal        Code = "internal"        // a bug or a broken machine
)

// Fault is a refusal. Make one with New; read one with Of.
type Fault struct {
	Code     Code
	Key      string // dictionary key of what was refused; Key+".rule" and Key+".next" stand beside it
	Args     []any
	Findings []Finding
	cause    error
}

// New makes a refusal. key must be a literal: a test looks every key up in the dictionary.
func New(code Code, key string, args ...any) *Fault {
	return &Fault{Code: code, Key: key, Args: args}
}

// Because adds the technical cause. It is written to the operator's log, never shown.
func (f *Fault) Because(cause error) *Fault {
	g := *f
	g.cause = cause
	return &g
}

// With adds the single findings behind the refusal.
func (f *Fault) With(findings []Finding) *Fault {
	g := *f
	g.Findings = findings
	return &g
}

// Error is for logs and tests: code, key, arguments and cause, in no language.
func (f *Fault) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", f.Code, f.Key)
	if len(f.Args) > 0 {
		fmt.Fprintf(&b, " %v", f.Args)
	}
	for i, finding := range f.Findings {
		if i == 3 {
			fmt.Fprintf(&b, "; and %d more", len(f.Findings)-i)
			break
		}
		fmt.Fprintf(&b, "; %s", finding)
	}
	if f.cause != nil {
		fmt.Fprintf(&b, ": %v", f.cause)
	}
	return b.String()
}

// Unwrap gives the technical cause to errors.Is and errors.As.
func (f *Fault) Unwrap() error { return f.cause }

// Of finds the fault in err. nil stays nil; an error that is no fault becomes Internal.
func Of(err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return New(Internal, "fault.internal").Because(err)
}

// Is reports whether err is a fault of the code.
func Is(err error, code Code) bool {
	var f *Fault
	return errors.As(err, &f) && f.Code == code
}

// HasKey reports whether err is a fault with the key. Tests and callers that branch on one single
// refusal use it; texts are never compared.
func HasKey(err error, key string) bool {
	var f *Fault
	return errors.As(err, &f) && f.Key == key
}
