package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// The rows below have every member set, so that a column that is forgotten shows.

// id is the n-th id.
func id(n int) string { return fmt.Sprintf("%032x", n) }

// second is a time of whole seconds, micro one of microseconds.
func second(n int) time.Time { return time.Date(2026, 3, 1, 12, 0, n, 0, time.UTC) }
func micro(n int) time.Time  { return second(n).Add(123456 * time.Microsecond) }

func userOwner(n int) authority.Owner {
	return authority.Owner{Kind: authority.OwnerUser, ID: id(n)}
}

func accountOwner(n int) authority.Owner {
	return authority.Owner{Kind: authority.OwnerAccount, ID: id(n)}
}

func digestOf(n int) token.Digest { return sha256.Sum256(fmt.Appendf(nil, "secret %d", n)) }

func newToken(n int, owner authority.Owner) authority.Token {
	return authority.Token{
		ID:     id(n),
		Owner:  owner,
		Name:   fmt.Sprintf("deploy \"%d\" <é>", n),
		Status: authority.StatusActive,
		Policies: []policy.Policy{
			{
				ID:     id(1000*n + 1),
				Effect: policy.Allow,
				Groups: []string{id(21), id(22)},
				Resources: []policy.Resource{
					{Key: "com.cloudflare.api.account." + id(31)},
					{Key: "com.cloudflare.api.account." + id(32), Nested: []string{"com.cloudflare.api.account.zone.*"}},
				},
			},
			{
				ID:        id(1000*n + 2),
				Effect:    policy.Deny,
				Groups:    []string{id(21)},
				Resources: []policy.Resource{{Key: "com.cloudflare.api.account.zone." + id(33)}},
			},
		},
		Condition:    policy.Condition{In: []string{"192.0.2.0/24", "2001:db8::/32"}, NotIn: []string{"192.0.2.7/32"}},
		RateLimit:    authority.RateLimit{Requests: n + 1, Period: 60},
		NotBefore:    second(1),
		ExpiresOn:    second(3600),
		IssuedOn:     second(n),
		ModifiedOn:   second(n + 1),
		LastUsedOn:   micro(n + 2),
		CreatorID:    id(41),
		CreatorEmail: "creator@example.com",
		Digest:       digestOf(n),
		Version:      1,
	}
}

func newUser(n int) authority.User {
	return authority.User{
		ID:           id(n),
		Email:        fmt.Sprintf("user%d@example.com", n),
		FirstName:    "Ada",
		LastName:     "Lovelace",
		Telephone:    "+44 20 0000 0000",
		Country:      "GB",
		Zipcode:      "W1",
		PasswordHash: "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
		KeyDigest:    digestOf(n),
		HasKey:       true,
		KeyOff:       true,
		Suspended:    true,
		Epoch:        7,
		CreatedOn:    micro(n),
		ModifiedOn:   micro(n + 1),
		Version:      1,
	}
}

func newAccount(n int) authority.Account {
	return authority.Account{
		ID:           id(n),
		Name:         fmt.Sprintf("Account %d", n),
		Type:         "standard",
		CreatedOn:    micro(n),
		ModifiedOn:   micro(n + 1),
		APIOff:       true,
		AbuseContact: "abuse@example.com",
		Version:      1,
	}
}

func newMembership(n, user, account int) authority.Membership {
	return authority.Membership{
		ID:        id(n),
		UserID:    id(user),
		AccountID: id(account),
		Roles:     []string{id(51), id(52)},
		Policies: []authority.MemberPolicy{
			{ID: id(1000*n + 1), Effect: policy.Allow, Groups: []string{id(53)}, ResourceGroups: []string{id(71), id(72)}},
			{ID: id(1000*n + 2), Effect: policy.Deny, Groups: []string{id(53), id(54)}, ResourceGroups: []string{id(73)}},
		},
		Status:    authority.MembershipAccepted,
		APIAccess: authority.Off,
		InvitedBy: "ada@example.com",
		CreatedOn: micro(n),
		Version:   1,
	}
}

func newResourceGroup(n, account int, name string) authority.ResourceGroup {
	return authority.ResourceGroup{
		ID:         id(n),
		AccountID:  id(account),
		Name:       name,
		Objects:    []string{"*", "com.cloudflare.api.account.zone." + id(33)},
		CreatedOn:  micro(n),
		ModifiedOn: micro(n + 1),
		Version:    1,
	}
}

func newLink(n, user int, kind authority.LinkKind) authority.Link {
	return authority.Link{
		Digest: digestOf(n), Kind: kind, UserID: id(user), MembershipID: id(81), CreatedOn: micro(n), ExpiresOn: micro(n + 60),
	}
}

func newZone(n, account int, name string) authority.Zone {
	return authority.Zone{
		ID:          id(n),
		AccountID:   id(account),
		Name:        name,
		Type:        "full",
		Status:      "active",
		Paused:      true,
		NameServers: []string{"a.ns.example.net", "b.ns.example.net"},

		VanityNameServers: []string{"ns1.example.com", "ns2.example.com"},

		CreatedOn:   micro(n),
		ModifiedOn:  micro(n + 1),
		ActivatedOn: micro(n + 2),
		Version:     1,
	}
}

func newRecord(n, zone int, name, typ string) dns.Record {
	priority, yes := uint16(10), true
	return dns.Record{
		ID:                id(n),
		ZoneID:            id(zone),
		Name:              name,
		Type:              typ,
		Content:           "v=spf1 \"<é>\" \\065",
		Data:              json.RawMessage(`{"target": "<Example>.com",  "port":443}`),
		Priority:          &priority,
		TTL:               300,
		Proxied:           true,
		Comment:           "a comment",
		Tags:              []string{"team:dns", "env:prod"},
		Settings:          dns.Settings{IPv4Only: &yes},
		PrivateRouting:    new(bool),
		CreatedOn:         micro(n),
		ModifiedOn:        micro(n + 1),
		CommentModifiedOn: micro(n + 2),
		TagsModifiedOn:    micro(n + 3),
		Version:           1,
	}
}

func newEvent(n int) authority.Event {
	return authority.Event{
		ID: id(n),
		At: micro(n),
		Actor: authority.Actor{
			Type: "user", ID: id(61), Email: "ada@example.com", IP: "192.0.2.1",
			Context: "api_token", TokenID: id(62), TokenName: "deploy",
		},
		Action:    "token_create",
		Verb:      "create",
		Success:   true,
		Resource:  authority.EventResource{Type: "token", ID: id(63)},
		AccountID: id(64),
		UserID:    id(65),
		ZoneID:    id(66),
		ZoneName:  "example.com",
		Old:       json.RawMessage(`{"name": "<old>"}`),
		New:       json.RawMessage(`{"name":  "<new>"}`),
		Metadata:  map[string]string{"token_name": "deploy"},
		Request: authority.EventRequest{
			ID: "8e9b1c60ef9e1c9a-AMS", Method: "POST", URI: "/client/v4/user/tokens", UserAgent: "curl/8", Status: 200,
		},
	}
}

// insertAll inserts rows of any kind.
func insertAll(rows ...any) func(context.Context, authority.Tx) error {
	return func(ctx context.Context, tx authority.Tx) error {
		for _, r := range rows {
			if err := insertOne(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	}
}

func insertOne(ctx context.Context, tx authority.Tx, r any) error {
	switch r := r.(type) {
	case authority.Token:
		return tx.InsertToken(ctx, r)
	case authority.User:
		return tx.InsertUser(ctx, r)
	case authority.Account:
		return tx.InsertAccount(ctx, r)
	case authority.Membership:
		return tx.InsertMembership(ctx, r)
	case authority.ResourceGroup:
		return tx.InsertResourceGroup(ctx, r)
	case authority.Link:
		return tx.InsertLink(ctx, r)
	case authority.Zone:
		return tx.InsertZone(ctx, r)
	case authority.Event:
		return tx.AppendEvent(ctx, r)
	}
	return fmt.Errorf("no insert for %T", r)
}

// insertRecords inserts records.
func insertRecords(rows ...dns.Record) func(context.Context, dns.Tx) error {
	return func(ctx context.Context, tx dns.Tx) error {
		for _, r := range rows {
			if err := tx.InsertRecord(ctx, r); err != nil {
				return err
			}
		}
		return nil
	}
}
