package config

import (
	"cmp"
	"strings"
	"time"
)

// derive computes what follows from other settings (spec/settings-and-operations.md 1.8), and brings values into the form and
// range in which they can be used.
func (l *loader) derive() {
	s := l.settings
	s.Logging.Level = strings.ToUpper(s.Logging.Level)
	s.Deployment.ServiceName = cmp.Or(s.Deployment.ServiceName, "gitlab-ai-gateway")
	s.Anthropic.BaseURL = cmp.Or(s.Anthropic.BaseURL, "https://api.anthropic.com")
	if s.Anthropic.APIURL == "" {
		s.Anthropic.APIURL = s.Anthropic.BaseURL
		l.derived["ANTHROPIC_API_URL"] = "ANTHROPIC_BASE_URL"
	}
	if !l.isGiven("AWS_REGION") || s.AWS.Region == "" {
		s.AWS.Region = cmp.Or(s.AWS.RegionName, "us-west-2")
		l.derived["AWS_REGION"] = "AWS_REGION_NAME"
	}
	l.deriveLocations()
	s.ModelEndpoints.FireworksCurrentRegionEndpoint = s.ModelEndpoints.endpointFor(s.GoogleCloudPlatform.Location)
	l.derived["AIGW_MODEL_ENDPOINTS__FIREWORKS_CURRENT_REGION_ENDPOINT"] = "AIGW_MODEL_ENDPOINTS__FIREWORKS_REGIONAL_ENDPOINTS"
	s.atLeastOne()
}

// deriveLocations passes the platform's region, and what is given for Google Cloud, on to those groups that say nothing of their own.
func (l *loader) deriveLocations() {
	s, region := l.settings, l.settings.Deployment.RunwayRegion
	for name, location := range map[string]*string{
		"AIGW_GOOGLE_CLOUD_PLATFORM__LOCATION": &s.GoogleCloudPlatform.Location,
		"AIGW_VERTEX_TEXT_MODEL__LOCATION":     &s.VertexTextModel.Location,
		"AIGW_VERTEX_SEARCH__LOCATION":         &s.VertexSearch.Location,
	} {
		if !l.isGiven(name) {
			*location = region
			l.derived[name] = "RUNWAY_REGION"
		}
	}
	if !l.isGiven("AIGW_VERTEX_TEXT_MODEL__ENDPOINT") {
		s.VertexTextModel.Endpoint = region + "-aiplatform.googleapis.com"
		l.derived["AIGW_VERTEX_TEXT_MODEL__ENDPOINT"] = "RUNWAY_REGION"
	}
	google, text, search := &s.GoogleCloudPlatform, &s.VertexTextModel, &s.VertexSearch
	inherit(l, "PROJECT", google.Project, &text.Project, &search.Project)
	inherit(l, "LOCATION", google.Location, &text.Location, &search.Location)
	inherit(l, "SERVICE_ACCOUNT_JSON_KEY", google.ServiceAccountJSONKey, &text.ServiceAccountJSONKey, &search.ServiceAccountJSONKey)
}

// inherit copies what was given for Google Cloud to the Vertex groups, unless they were given the same member; an empty one counts there.
func inherit[T ~string](l *loader, member string, google T, text, search *T) {
	platform := "AIGW_GOOGLE_CLOUD_PLATFORM__" + member
	if !l.isGiven(platform) || google == "" {
		return
	}
	for name, heir := range map[string]*T{"AIGW_VERTEX_TEXT_MODEL__" + member: text, "AIGW_VERTEX_SEARCH__" + member: search} {
		if !l.isGiven(name) {
			*heir = google
			l.derived[name] = platform
		}
	}
}

// endpointFor is the endpoint of the first region whose prefix begins location, else that of region us, else empty.
func (e *ModelEndpoints) endpointFor(location string) FireworksEndpoint {
	var us FireworksEndpoint
	for _, region := range e.FireworksRegionalEndpoints {
		if strings.HasPrefix(location, region.Prefix) {
			return region.FireworksEndpoint
		}
		if region.Prefix == "us" {
			us = region.FireworksEndpoint
		}
	}
	return us
}

// atLeastOne raises counts and periods that the contract accepts in any size but that mean nothing below one.
func (s *Settings) atLeastOne() {
	for _, count := range []*int{
		&s.Snowplow.BatchSize, &s.Snowplow.ThreadCount, &s.InternalEvent.BatchSize, &s.InternalEvent.ThreadCount,
	} {
		*count = max(*count, 1)
	}
	s.Deployment.WebConcurrency = max(s.Deployment.WebConcurrency, 0)
	s.Instrumentator.ThreadMonitoringInterval = max(s.Instrumentator.ThreadMonitoringInterval, time.Second)
	s.GoogleCloudProfiler.Period = max(s.GoogleCloudProfiler.Period, time.Millisecond)
}

func (l *loader) isGiven(name string) bool {
	_, given := l.given[name]
	return given
}
