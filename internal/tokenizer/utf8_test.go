package tokenizer

import "testing"

func TestEveryMaximalInvalidSubsequenceIsReplacedOnce(t *testing.T) {
	for _, tc := range []struct {
		name, text, want string
	}{
		{"valid text stays", "aé日🎉\ufffd", "aé日🎉\ufffd"},
		{"a continuation byte alone", "\x80a", "\ufffda"},
		{"continuation bytes count one by one", "\xa5\xa5", "\ufffd\ufffd"},
		{"the first two bytes of three", "\xe6\x97", "\ufffd"},
		{"the first two bytes of three, then a letter", "\xe6\x97a", "\ufffda"},
		{"the first three bytes of four", "\xf0\x9f\x8e", "\ufffd"},
		{"the first byte of four, then a whole character", "\xf0日", "\ufffd日"},
		{"the start of a character that starts again", "\xe6\x97\xe6\x97\xa5", "\ufffd日"},
		{"bytes that never occur", "\xff\xfe\xc0\xaf\xf5\x80", "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd"},
		{"an overlong form", "\xe0\x80\xaf\xf0\x80\x80\xaf", "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd"},
		{"a surrogate", "\xed\xa0\x80", "\ufffd\ufffd\ufffd"},
		{"beyond U+10FFFF", "\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"},
		{"the example of the Unicode standard", "a\xf1\x80\x80\xe1\x80\xc2b\x80c\x80\xbfd", "a\ufffd\ufffd\ufffdb\ufffdc\ufffd\ufffdd"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := replaceInvalid(tc.text); got != tc.want {
				t.Errorf("got %+q, want %+q", got, tc.want)
			}
		})
	}
}
