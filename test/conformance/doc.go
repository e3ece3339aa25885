// Package conformance checks that a gateway fulfils the contract: it sends the recorded cases in testdata/cases to the real
// binary and compares what it answers, what it asks the model servers, what it logs and what it counts.
//
// A [Case] names a profile (settings), what the model servers are scripted to say, one request, and what must come of it. A
// [Session] is one gateway with the settings of one profile, between fakes of its own; its cases run one after another,
// because calls, log entries and counters belong to the case that caused them. [RunAlone] serves cases about the start itself.
// What differs from the expectation is collected in [Differences], one sentence each.
//
// Reading order: case.go (the format), suite.go (the files), session.go (a gateway), run.go (a case), and a file for each
// thing compared: answer.go, calls.go, token.go, logs.go, metrics.go, all on top of json.go.
//
//	go test ./test/conformance                                       # all cases
//	go test ./test/conformance -run 'TestConformance/auth-issue'     # those of one file
//	go test ./test/conformance -update-expected                      # list what fails now in testdata/expected-failures.txt
//	AIGW_CONFORMANCE_DIR=/other/folder go test ./test/conformance    # cases, profiles and data from elsewhere
package conformance
