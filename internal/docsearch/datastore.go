package docsearch

import "regexp"

// majorMinor is how a version with a data store begins. What follows does not matter.
var majorMinor = regexp.MustCompile(`^([0-9]+)\.([0-9]+)`)

// DataStore is the name of the data store with the documentation of a GitLab version: "17.10.1-ee" has "gitlab-docs-17-10". A version that
// does not begin with two numbers has none (spec/docs-search.md 3.2).
func DataStore(version string) (name string, ok bool) {
	numbers := majorMinor.FindStringSubmatch(version)
	if numbers == nil {
		return "", false
	}
	return "gitlab-docs-" + numbers[1] + "-" + numbers[2], true
}
