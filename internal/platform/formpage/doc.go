// Package formpage answers with a form as a page: empty, filled in, or once more with everything that
// is wrong beside its fields and what was refused, by which rule and what to do next on top.
//
//	def, err := formpage.Define(d, "registry.leave", nil, form.Field{Key: "on", Kind: form.Date, …})
//	record, found := formpage.Read(r, def, "")            // of what was posted
//	return page.Of(record, found).Answer(r, d)            // 422 with the errors, nothing lost
//
// # Invariants
//
//  1. What a person entered is shown again as it was entered, also where it could not be read.
//  2. A refusal that the person can mend (Invalid, Conflict, Stale …) is shown on the form under the
//     status of its code; any other is passed on and looks as it does everywhere.
//  3. A page whose findings only warn asks for a mark that they were read; Confirmed tells whether it
//     was set. Nothing is taken over a warning that nobody saw.
package formpage
