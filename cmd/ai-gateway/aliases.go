package main

import "path/filepath"

// commandNames are those by which GitLab's documentation for administrators calls the commands.
var commandNames = map[string]string{"ai_gateway": "serve", "troubleshoot": "troubleshoot", "index_docs": "index-docs"}

// arguments are those of this command for a process that was started under another name. Images have links called poetry and like the
// commands of GitLab's own image, so that "poetry run troubleshoot" works in both (spec/settings-and-operations.md 9).
func arguments(argv []string) []string {
	if len(argv) == 0 {
		return nil
	}
	name, rest := filepath.Base(argv[0]), argv[1:]
	if name == "poetry" && len(rest) > 1 && rest[0] == "run" {
		name, rest = rest[1], rest[2:]
	}
	if command, known := commandNames[name]; known {
		return append([]string{command}, rest...)
	}
	return rest
}
