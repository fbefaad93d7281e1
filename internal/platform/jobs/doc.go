// Package jobs does long work: imports, screenings, runs, what must happen every night.
//
// A job is a row. It is enqueued in the transaction of the data it is about, so that neither exists
// without the other. A worker claims it with a lease, does it portion by portion, and each portion's
// effect is saved in one transaction with the cursor and the progress of the job. So a job that is
// killed at any moment goes on, in this process or another, exactly where it stopped.
//
//	waiting ──claim──▶ running ──▶ done
//	   ▲                 │  └────▶ failed      refused, or tried too often
//	   └──pause, lease───┘   └───▶ cancelled   asked for by a person
//
// # Invariants
//
//  1. At most one worker has a job's lease, and only the lease's holder saves a portion: the lease is
//     checked in the portion's own transaction.
//  2. The effect of a portion and the cursor after it are saved together or not at all.
//  3. No job stays running without a worker: a lease that is not renewed runs out (LeaseTime), and the
//     job is claimed again. A job that kills its worker again and again fails after AttemptsMax.
//  4. A refusal (a fault that the same input would meet again) fails a job at once. Anything else is
//     tried again after a pause that doubles from ten seconds to an hour.
//  5. One home's jobs never stop another's: homes take turns, a home has at most half the workers, and a
//     home whose jobs cannot be read is passed over.
//  6. A scheduled job is enqueued once a slot and home, by however many processes.
//  7. A cancelled job saves no further portion.
//
// Attempts count claims without progress: a job of ten hours survives any number of restarts.
package jobs
