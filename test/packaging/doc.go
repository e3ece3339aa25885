// Package packaging tests what is shipped beside the code: that the release binary needs nothing but a kernel, and that the manifests in
// deploy say what the gateway understands. Every variable that a manifest sets is read by package config, so a setting that is renamed or
// misspelled fails here and not in somebody's cluster.
package packaging
