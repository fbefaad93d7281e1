// Package web answers browsers: routes, pages, lists, files and refusals.
//
// A page is a Go template filled from a struct. A list answers HTML, CSV, XLSX and JSON from one
// query. Everything works without JavaScript; htmx improves, never carries.
//
// # Invariants
//
//  1. A route without a stated access is a bug: Handle panics. A route open to the public says so.
//  2. A refusal is shown in the reader's language with what, why and what next, under the status
//     of its code, and leaks neither cause nor stack.
//  3. Nothing is loaded from elsewhere: the content security policy allows this origin only.
//  4. A form posted from another site is refused (http.CrossOriginProtection).
//  5. Bodies are limited; a route that takes files states its own limit.
//  6. Templates are parsed once, per language, at the start; a broken one stops the start.
package web
