// Package manifests tests what is shipped for Kubernetes and for releases with the libraries of those who read it: the Helm chart is rendered
// by Helm's engine against its schema, what comes out is decoded strictly into Kubernetes' own types, and the configuration of releases into
// that of goreleaser. So a member that is misspelled fails here and not in somebody's cluster.
//
// It is a module of its own, because these libraries are large and the gateway has no use for them.
package manifests
