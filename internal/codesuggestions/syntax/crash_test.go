package syntax
import ("testing";"strings";"os";"time";"fmt";"strconv")
func TestCrash(t *testing.T) {
	l := language(t, os.Getenv("L"))
	unit, err := strconv.Unquote("\"" + os.Getenv("U") + "\"")
	if err != nil { t.Fatal(err) }
	n := 300
	fmt.Sscan(os.Getenv("N"), &n)
	s := strings.Repeat(unit, n/len(unit)+1)
	start := time.Now()
	_, err = Parse(l, s)
	fmt.Println(n, err, time.Since(start))
}
