package troubleshoot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// GitLab says whether the API of the GitLab instance at a URL can be reached.
func GitLab(client *http.Client, gitlab string) Check {
	target := strings.TrimRight(gitlab, "/") + "/api/v4/projects"
	return Check{Name: "gitlab", Title: "GitLab can be reached at " + redacted(target), Find: func(ctx context.Context) Finding {
		if finding := notURL(gitlab, "AIGW_GITLAB_URL"); finding != nil {
			return *finding
		}
		res, finding := get(ctx, client, target)
		if finding != nil {
			return *finding
		}
		isJSON := strings.Contains(res.Header.Get("Content-Type"), "json")
		switch status := res.StatusCode; {
		case status == http.StatusOK && isJSON:
			return passed("")
		case (status == http.StatusUnauthorized || status == http.StatusForbidden) && isJSON:
			return passed("it keeps the list of projects to itself")
		case status == http.StatusOK:
			return failed("the answer is no JSON but "+res.Header.Get("Content-Type"),
				"Something stands between this machine and GitLab, such as a page to log in at; let this machine through to "+hostOf(target)+".")
		case status >= http.StatusInternalServerError:
			return failed("status "+res.Status, "GitLab or a proxy in front of it is in trouble; see GitLab's log.")
		default:
			return failed("status "+res.Status, "There is no GitLab API at this URL, or a proxy keeps it. Set AIGW_GITLAB_URL to the URL that you open GitLab at, with its path if it has one, "+
				"and let a proxy through to "+hostOf(target)+".")
		}
	}}
}

// Keys says whether an issuer of tokens publishes its keys. An issuer that need not be there, as the Customers Portal for an instance without
// access to the internet, only causes a warning.
//
// probe returns what the issuer calls itself in its tokens, and how many keys it has.
func Keys(name, issuer, setting, target string, needed bool, probe func(context.Context) (itself string, keys int, err error)) Check {
	check := Check{Name: name, Title: "The keys of " + issuer + " can be fetched from " + redacted(target)}
	check.Find = func(ctx context.Context) Finding {
		itself, keys, err := probe(ctx)
		var finding Finding
		switch {
		case err != nil:
			finding = trouble(err, target)
			finding.Remedy += " Without these keys, tokens of " + issuer + " are refused. The address is " + setting + "." + elsewhere(err, issuer, target)
		case keys == 0:
			finding = failed("there is no key that can be used", "Tokens of "+issuer+" will be refused; see whether "+setting+" is right.")
		case itself != "" && hostOf(itself) != hostOf(target):
			return warned(fmt.Sprintf("%d keys, but it calls itself %s", keys, itself), "Its tokens are accepted under this name, too. Better set "+setting+
				" to it, or, if it is wrong, correct it there (external_url in gitlab.rb).")
		default:
			return passed(fmt.Sprintf("%d keys", keys))
		}
		if !needed {
			finding.Status = Warned
			finding.Remedy += " An instance with a license file or an offline license does without."
		}
		return finding
	}
	return check
}

// elsewhere tells that it is the issuer that sent us to the host that could not be reached.
func elsewhere(err error, issuer, target string) string {
	var request *url.Error
	if !errors.As(err, &request) || hostOf(request.URL) == hostOf(target) {
		return ""
	}
	return " " + issuer + " itself names " + hostOf(request.URL) + " (external_url in gitlab.rb), so that must be reachable from here."
}

// The clocks of issuers and of the gateway must agree, or fresh tokens are not valid yet and valid ones have expired.
const (
	oddSkew   = 5 * time.Second
	wrongSkew = 30 * time.Second
)

// Clock says whether the clock of this machine agrees with that of a server. tolerated is AIGW_AUTH__CLOCK_SKEW.
func Clock(client *http.Client, target string, tolerated time.Duration, now func() time.Time) Check {
	check := Check{Name: "clock", Title: "The clock of this machine agrees with that of " + hostOf(target), Needs: []string{"gitlab"}}
	check.Find = func(ctx context.Context) Finding {
		before := now()
		res, finding := get(ctx, client, target)
		if finding != nil {
			return *finding
		}
		middle := before.Add(now().Sub(before) / 2)
		there, err := http.ParseTime(res.Header.Get("Date"))
		if err != nil {
			return warned("it does not tell the time", "Make sure that the clock is right (timedatectl, chronyc tracking).")
		}
		// The header has whole seconds, cut.
		skew := middle.Sub(there.Add(500 * time.Millisecond)).Round(time.Second)
		seen := fmt.Sprintf("%s apart", skew.Abs())
		const remedy = "Set the clock right (NTP): tokens are valid by the second. AIGW_AUTH__CLOCK_SKEW tolerates a difference for the time being."
		switch abs := skew.Abs(); {
		case abs > wrongSkew+tolerated:
			return failed(seen, remedy)
		case abs > oddSkew+tolerated:
			return warned(seen, remedy)
		default:
			return passed(seen)
		}
	}
	return check
}
