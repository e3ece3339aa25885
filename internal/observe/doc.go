// Package observe is what the gateway says about its own work: logs, metrics and, per request, the facts that end up in the access log.
//
// A request carries one [Record] in its context. Whoever learns something worth knowing about the request sets it there; the access log
// writes all of it in one entry when the response is complete (spec/observability.md 4). The logger adds the correlation id of that
// record to every entry, so that nobody has to pass a logger along.
package observe
