package sqlite

import "strings"

// synonyms are things with several names: each line is one thing. Questions use names that pages do not.
var synonyms = [...]string{
	"mr, merge request, pull request",
	"mrs, merge requests, pull requests",
	"pat, personal access token",
	"repo, repository",
	"repos, repositories",
	"env, environment",
	"env var, environment variable, variable",
	"config, configuration, configure",
	"configure, configuration, set up",
	"setup, set up, configure",
	"delete, remove",
	"deleting, removing",
	"login, log in, sign in",
	"log in, sign in, login",
	"sign up, signup, register",
	"2fa, two factor authentication, mfa",
	"two factor, two factor authentication, 2fa",
	"mfa, two factor authentication, 2fa",
	"k8s, kubernetes",
	"admin, administrator, administration",
	"auth, authentication",
	"docs, documentation",
	"yaml, yml",
	"picture, avatar, image",
	"photo, avatar, image",
	"ticket, issue",
	"tickets, issues",
	"deadline, due date",
	"sprint, iteration",
	"sprints, iterations",
	"pr, merge request",
	"prs, merge requests",
	"undo, revert",
	"cron, schedule",
	"cronjob, pipeline schedule",
	"password, credential",
	"passwords, credentials",
	"secret, variable, credential",
	"secrets, variables, credentials",
	"permission, role, access",
	"permissions, roles, access",
	"static site, pages",
	"license, licence, subscription",
	"sso, single sign on, saml",
	"gui, user interface",
	"ui, user interface",
	"sub group, subgroup",
	"sub groups, subgroups",
	"dependabot, dependency",
	"backup, back up",
	"upgrade, update",
	"cicd, ci cd",
	"teammate, member",
	"teammates, members",
	"coworker, member",
	"coworkers, members",
	"colleague, member",
	"colleagues, members",
}

// synonymsOf finds the names of a thing by the one that is looked up. longestName is the length of the longest of those, in words.
var synonymsOf, longestName = indexSynonyms()

func indexSynonyms() (map[string]term, int) {
	byName, longest := map[string]term{}, 0
	for _, line := range synonyms {
		names := strings.Split(line, ", ")
		byName[names[0]] = names
		longest = max(longest, len(strings.Fields(names[0])))
	}
	return byName, longest
}

// synonymsAt looks for a name that words begin with, the longest first.
func synonymsAt(words []string) (t term, length int) {
	for n := min(longestName, len(words)); n > 0; n-- {
		if t := synonymsOf[strings.Join(words[:n], " ")]; t != nil {
			return t, n
		}
	}
	return nil, 0
}

// stopWords are in every question or say nothing about what it is after.
var stopWords = set(`a about after all also am an and any anybody anyone anything are as at be because been before being best but by can
	cannot cant could did do does doesn doesnt doing don done dont each easiest easily else every for from get gets getting give gitlab go
	going got had has have having he help her here him his how i if in instead into is isn it its just know let like look make me mean means
	might more most must my myself need needed needs no not now of off on one only onto or other our ours out over own please possible
	properly quickly really right s shall she should show so some somebody someone something stuff t tell than that the their them then
	there these they thing things this those to too tried try trying up us use used using very via want wanted wants was way ways we were
	what whats when where whether which while who whom whose why will wish with within without won wont work works would you your yours`)

func set(words string) map[string]bool {
	s := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		s[w] = true
	}
	return s
}
