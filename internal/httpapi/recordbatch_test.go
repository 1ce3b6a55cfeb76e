package httpapi_test

import (
	"fmt"
	"strings"
	"testing"
)

const batch = records + "/batch"

func TestABatchDeletesPatchesPutsAndPostsInThatOrder(t *testing.T) {
	w := newWorld(t)
	a := w.create(`{"type":"A","name":"a","content":"192.0.2.1"}`)
	b := w.create(`{"type":"A","name":"b","content":"192.0.2.2"}`)
	c := w.create(`{"type":"TXT","name":"c","content":"old","comment":"c"}`)
	var got struct{ Deletes, Patches, Puts, Posts []record }
	// Each change needs the one before: a CNAME may stand where a was, c takes
	// the name that b had, and the post takes c's.
	w.must("POST", batch, fmt.Sprintf(`{
		"posts":[{"type":"TXT","name":"c","content":"new"},{"id":"junk","type":"CNAME","name":"a","content":"example.net"}],
		"puts":[{"id":%q,"type":"TXT","name":"b","content":"old"}],
		"patches":[{"id":%q,"name":"b2","ttl":300}],
		"deletes":[{"id":%q}]}`, c.ID, b.ID, a.ID), &got)
	if len(got.Deletes) != 1 || got.Deletes[0].ID != a.ID || got.Deletes[0].Content != "192.0.2.1" ||
		len(got.Patches) != 1 || got.Patches[0].Name != "b2.example.com" || got.Patches[0].TTL != 300 ||
		len(got.Puts) != 1 || got.Puts[0].ID != c.ID || got.Puts[0].Comment != nil ||
		len(got.Posts) != 2 || got.Posts[1].Type != "CNAME" || len(got.Posts[1].ID) != 32 {
		t.Errorf("answered %+v", got)
	}
	if left := w.names("order=name"); left != "CNAME:a TXT:b A:b2 TXT:c" {
		t.Errorf("left %s", left)
	}
	if a := w.must("POST", batch, `{"posts":[{"type":"A","name":"z","content":"192.0.2.9"}]}`, nil); !strings.HasPrefix(string(a.Result), `{"deletes":[],"patches":[],"puts":[],"posts":[{"id":"`) {
		t.Errorf("lists without changes are not empty lists: %s", a.Result)
	}
}

func TestABatchIsAllOrNothingAndTellsEveryFault(t *testing.T) {
	w := newWorld(t)
	a := w.create(`{"type":"A","name":"a","content":"192.0.2.1"}`)
	const unknown = "99aabbccddeeff001122334455667788"
	for body, want := range map[string]string{
		`{"deletes":[{"id":"` + a.ID + `"}],"posts":[{"type":"A","name":"b","content":"x"},{"type":"A","name":"c","content":"192.0.2.1"},{"type":"TXT","name":"d","content":"t","ttl":5,"priority":3}]}`: "Bad Request; 9005 /posts/0/content Content for A record must be a valid IPv4 address.; 9021 /posts/2/ttl TTL must be between 30 and 86400 seconds, or 1 for Automatic.",
		`{"deletes":[{"id":"` + a.ID + `"},{"id":"` + unknown + `"}]}`:                                                                            "Not Found; 81044 /deletes/1/id Record does not exist.",
		`{"deletes":[{"id":"` + a.ID + `"}],"patches":[{"id":"` + a.ID + `","ttl":60}],"puts":[{"type":"A","name":"b"}]}`:                         "Not Found; 81044 /patches/0/id Record does not exist.; 81044 /puts/0/id Record does not exist.",
		`{"patches":[{"id":"` + a.ID + `","comment":"` + strings.Repeat("x", 501) + `"},{"id":"` + unknown + `"}]}`:                               "Bad Request; 9203 /patches/0/comment Comment must have at most 500 characters.; 81044 /patches/1/id Record does not exist.",
		`{"posts":[{"type":"MX","name":"m","content":"mail.example.com","priority":65536},{"type":"MX","name":"m","content":"x","priority":-1}]}`: "Bad Request; 1001 /posts/0/priority priority must be a whole number from 0 to 65535; 1001 /posts/1/priority priority must be a whole number from 0 to 65535",
		`{"posts":[{"type":"TXT","name":"t","content":"x"},{"type":"TXT","name":"t","content":"\"x\""}]}`:                                         "Bad Request; 81058 /posts/1 An identical record already exists.",
		`{"posts":[{"type":"A","name":7}]}`: "Bad Request; 1001 /posts/0/name /posts/0/name must be a string, not a number",
		`{}`:                                "Bad Request; 1001 give at least one of deletes, patches, puts and posts",
		`{"posts":[` + strings.Repeat(`{"type":"A"},`, 3500) + `{}]}`: "Bad Request; 9201 At most 3500 changes are possible in one call, here are 3501.",
	} {
		got := w.refused("POST", batch, body)
		if strings.Contains(body, `\"x\"`) {
			got = strings.Replace(got, "/posts/0 ", "/posts/1 ", 1) // ids are random: either may be named
		}
		if got != want {
			t.Errorf("%.200s:\n got %s\nwant %s", body, got, want)
		}
	}
	if left := w.names(""); left != "A:a" {
		t.Errorf("left %s", left)
	}
}

func TestTheContentsOfOneNameAndTypeAreLimitedTogether(t *testing.T) {
	w := newWorld(t)
	for i := range 4 {
		w.create(fmt.Sprintf(`{"type":"TXT","name":"t","content":"%d%s"}`, i, strings.Repeat("x", 1999)))
	}
	got := w.refused("POST", records, `{"type":"TXT","name":"t","content":"`+strings.Repeat("y", 193)+`"}`)
	if got != "Bad Request; 9201 The contents of all TXT records of one name must have at most 8192 characters together." {
		t.Error(got)
	}
	w.create(`{"type":"TXT","name":"t","content":"` + strings.Repeat("y", 192) + `"}`)
	w.create(`{"type":"TXT","name":"other","content":"y"}`)
}
