package config

import (
	"fmt"
	"os"
)

// Stamp tells versions of the .env file that counts for dir apart: it is another one when [Load] may find something new there.
func Stamp(dir string) string {
	path := findDotenv(dir)
	info, err := os.Stat(path)
	if path == "" || err != nil {
		return ""
	}
	return fmt.Sprint(path, info.Size(), info.ModTime().UnixNano())
}
