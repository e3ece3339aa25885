// Package e2e starts the real binary between a scripted client and scripted model servers and tests what crosses process borders: answers and
// what the models were asked, streams and their ends, clients that leave, servers that fail, start and stop.
package e2e
