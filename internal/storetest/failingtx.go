package storetest

import (
	"context"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/token"
)

// failingTx is a transaction of a [Failing] store.
type failingTx struct {
	tx authority.Tx
	s  *switches
}

// unless calls do unless err keeps it from that.
func unless(err error, do func() error) error {
	if err != nil {
		return err
	}
	return do()
}

// instead reads unless err keeps it from that.
func instead[T any](err error, read func() (T, error)) (T, error) {
	if err != nil {
		var none T
		return none, err
	}
	return read()
}

func (x *failingTx) TokenByDigest(ctx context.Context, d token.Digest) (authority.Token, error) {
	return instead(x.s.read("TokenByDigest"), func() (authority.Token, error) { return x.tx.TokenByDigest(ctx, d) })
}

func (x *failingTx) Token(ctx context.Context, owner authority.Owner, id string) (authority.Token, error) {
	return instead(x.s.read("Token"), func() (authority.Token, error) { return x.tx.Token(ctx, owner, id) })
}

func (x *failingTx) TokenStanding(ctx context.Context, owner authority.Owner, id string) (authority.TokenStanding, error) {
	return instead(x.s.read("TokenStanding"), func() (authority.TokenStanding, error) { return x.tx.TokenStanding(ctx, owner, id) })
}

func (x *failingTx) Tokens(ctx context.Context, q authority.TokenQuery) ([]authority.Token, int, error) {
	if err := x.s.read("Tokens"); err != nil {
		return nil, 0, err
	}
	return x.tx.Tokens(ctx, q)
}

func (x *failingTx) User(ctx context.Context, id string) (authority.User, error) {
	return instead(x.s.read("User"), func() (authority.User, error) { return x.tx.User(ctx, id) })
}

func (x *failingTx) UserByEmail(ctx context.Context, email string) (authority.User, error) {
	return instead(x.s.read("UserByEmail"), func() (authority.User, error) { return x.tx.UserByEmail(ctx, email) })
}

func (x *failingTx) UserByKey(ctx context.Context, d token.Digest) (authority.User, error) {
	return instead(x.s.read("UserByKey"), func() (authority.User, error) { return x.tx.UserByKey(ctx, d) })
}

func (x *failingTx) UsersByID(ctx context.Context, ids []string) ([]authority.User, error) {
	return instead(x.s.read("UsersByID"), func() ([]authority.User, error) { return x.tx.UsersByID(ctx, ids) })
}

func (x *failingTx) Memberships(ctx context.Context, userID string) ([]authority.Membership, error) {
	return instead(x.s.read("Memberships"), func() ([]authority.Membership, error) { return x.tx.Memberships(ctx, userID) })
}

func (x *failingTx) Users(ctx context.Context) ([]authority.User, error) {
	return instead(x.s.read("Users"), func() ([]authority.User, error) { return x.tx.Users(ctx) })
}

func (x *failingTx) Membership(ctx context.Context, id string) (authority.Membership, error) {
	return instead(x.s.read("Membership"), func() (authority.Membership, error) { return x.tx.Membership(ctx, id) })
}

func (x *failingTx) Members(ctx context.Context, accountID string) ([]authority.Membership, error) {
	return instead(x.s.read("Members"), func() ([]authority.Membership, error) { return x.tx.Members(ctx, accountID) })
}

func (x *failingTx) ResourceGroups(ctx context.Context, accountID string) ([]authority.ResourceGroup, error) {
	return instead(x.s.read("ResourceGroups"), func() ([]authority.ResourceGroup, error) { return x.tx.ResourceGroups(ctx, accountID) })
}

func (x *failingTx) Link(ctx context.Context, d token.Digest) (authority.Link, error) {
	return instead(x.s.read("Link"), func() (authority.Link, error) { return x.tx.Link(ctx, d) })
}

func (x *failingTx) Links(ctx context.Context, userID string, kind authority.LinkKind) ([]authority.Link, error) {
	return instead(x.s.read("Links"), func() ([]authority.Link, error) { return x.tx.Links(ctx, userID, kind) })
}

func (x *failingTx) Account(ctx context.Context, id string) (authority.Account, error) {
	return instead(x.s.read("Account"), func() (authority.Account, error) { return x.tx.Account(ctx, id) })
}

func (x *failingTx) Accounts(ctx context.Context, ids []string) ([]authority.Account, error) {
	return instead(x.s.read("Accounts"), func() ([]authority.Account, error) { return x.tx.Accounts(ctx, ids) })
}

func (x *failingTx) Zone(ctx context.Context, id string) (authority.Zone, error) {
	return instead(x.s.read("Zone"), func() (authority.Zone, error) { return x.tx.Zone(ctx, id) })
}

func (x *failingTx) ZonesByID(ctx context.Context, ids []string) ([]authority.Zone, error) {
	return instead(x.s.read("ZonesByID"), func() ([]authority.Zone, error) { return x.tx.ZonesByID(ctx, ids) })
}

func (x *failingTx) ZoneByName(ctx context.Context, accountID, name string) (authority.Zone, error) {
	return instead(x.s.read("ZoneByName"), func() (authority.Zone, error) { return x.tx.ZoneByName(ctx, accountID, name) })
}

func (x *failingTx) Zones(ctx context.Context, accountIDs []string, each func(authority.Zone) bool) error {
	return unless(x.s.read("Zones"), func() error { return x.tx.Zones(ctx, accountIDs, each) })
}

func (x *failingTx) InsertToken(ctx context.Context, t authority.Token) error {
	return unless(x.s.method("InsertToken"), func() error { return x.tx.InsertToken(ctx, t) })
}

func (x *failingTx) UpdateToken(ctx context.Context, t authority.Token) error {
	return unless(x.s.method("UpdateToken"), func() error { return x.tx.UpdateToken(ctx, t) })
}

func (x *failingTx) DeleteToken(ctx context.Context, id string, version int64) error {
	return unless(x.s.method("DeleteToken"), func() error { return x.tx.DeleteToken(ctx, id, version) })
}

func (x *failingTx) InsertUser(ctx context.Context, u authority.User) error {
	return unless(x.s.method("InsertUser"), func() error { return x.tx.InsertUser(ctx, u) })
}

func (x *failingTx) UpdateUser(ctx context.Context, u authority.User) error {
	return unless(x.s.method("UpdateUser"), func() error { return x.tx.UpdateUser(ctx, u) })
}

func (x *failingTx) DeleteUser(ctx context.Context, id string, version int64) error {
	return unless(x.s.method("DeleteUser"), func() error { return x.tx.DeleteUser(ctx, id, version) })
}

func (x *failingTx) InsertResourceGroup(ctx context.Context, g authority.ResourceGroup) error {
	return unless(x.s.method("InsertResourceGroup"), func() error { return x.tx.InsertResourceGroup(ctx, g) })
}

func (x *failingTx) UpdateResourceGroup(ctx context.Context, g authority.ResourceGroup) error {
	return unless(x.s.method("UpdateResourceGroup"), func() error { return x.tx.UpdateResourceGroup(ctx, g) })
}

func (x *failingTx) DeleteResourceGroup(ctx context.Context, id string, version int64) error {
	return unless(x.s.method("DeleteResourceGroup"), func() error { return x.tx.DeleteResourceGroup(ctx, id, version) })
}

func (x *failingTx) InsertLink(ctx context.Context, l authority.Link) error {
	return unless(x.s.method("InsertLink"), func() error { return x.tx.InsertLink(ctx, l) })
}

func (x *failingTx) DeleteLink(ctx context.Context, d token.Digest) error {
	return unless(x.s.method("DeleteLink"), func() error { return x.tx.DeleteLink(ctx, d) })
}

func (x *failingTx) InsertAccount(ctx context.Context, a authority.Account) error {
	return unless(x.s.method("InsertAccount"), func() error { return x.tx.InsertAccount(ctx, a) })
}

func (x *failingTx) UpdateAccount(ctx context.Context, a authority.Account) error {
	return unless(x.s.method("UpdateAccount"), func() error { return x.tx.UpdateAccount(ctx, a) })
}

func (x *failingTx) DeleteAccount(ctx context.Context, id string, version int64) error {
	return unless(x.s.method("DeleteAccount"), func() error { return x.tx.DeleteAccount(ctx, id, version) })
}

func (x *failingTx) InsertMembership(ctx context.Context, m authority.Membership) error {
	return unless(x.s.method("InsertMembership"), func() error { return x.tx.InsertMembership(ctx, m) })
}

func (x *failingTx) UpdateMembership(ctx context.Context, m authority.Membership) error {
	return unless(x.s.method("UpdateMembership"), func() error { return x.tx.UpdateMembership(ctx, m) })
}

func (x *failingTx) DeleteMembership(ctx context.Context, id string, version int64) error {
	return unless(x.s.method("DeleteMembership"), func() error { return x.tx.DeleteMembership(ctx, id, version) })
}

func (x *failingTx) InsertZone(ctx context.Context, z authority.Zone) error {
	return unless(x.s.method("InsertZone"), func() error { return x.tx.InsertZone(ctx, z) })
}

func (x *failingTx) UpdateZone(ctx context.Context, z authority.Zone) error {
	return unless(x.s.method("UpdateZone"), func() error { return x.tx.UpdateZone(ctx, z) })
}

func (x *failingTx) DeleteZone(ctx context.Context, id string, version int64) error {
	return unless(x.s.method("DeleteZone"), func() error { return x.tx.DeleteZone(ctx, id, version) })
}

func (x *failingTx) AppendEvent(ctx context.Context, e authority.Event) error {
	return unless(x.s.method("AppendEvent"), func() error { return x.tx.AppendEvent(ctx, e) })
}

func (x *failingTx) AppendChange(ctx context.Context, kind authority.ChangeKind, key string) error {
	return unless(x.s.method("AppendChange"), func() error { return x.tx.AppendChange(ctx, kind, key) })
}

func (x *failingTx) Device(ctx context.Context, d token.Digest) (authority.Device, error) {
	return instead(x.s.read("Device"), func() (authority.Device, error) { return x.tx.Device(ctx, d) })
}

func (x *failingTx) Devices(ctx context.Context, userID string) ([]authority.Device, error) {
	return instead(x.s.read("Devices"), func() ([]authority.Device, error) { return x.tx.Devices(ctx, userID) })
}

func (x *failingTx) SecondFactor(ctx context.Context, userID string) (authority.SecondFactor, error) {
	return instead(x.s.read("SecondFactor"), func() (authority.SecondFactor, error) { return x.tx.SecondFactor(ctx, userID) })
}

func (x *failingTx) RecoveryCodes(ctx context.Context, userID string) (int, error) {
	return instead(x.s.read("RecoveryCodes"), func() (int, error) { return x.tx.RecoveryCodes(ctx, userID) })
}

func (x *failingTx) InsertDevice(ctx context.Context, d authority.Device) error {
	return unless(x.s.method("InsertDevice"), func() error { return x.tx.InsertDevice(ctx, d) })
}

func (x *failingTx) DeleteDevice(ctx context.Context, d token.Digest) error {
	return unless(x.s.method("DeleteDevice"), func() error { return x.tx.DeleteDevice(ctx, d) })
}

func (x *failingTx) InsertSecondFactor(ctx context.Context, f authority.SecondFactor) error {
	return unless(x.s.method("InsertSecondFactor"), func() error { return x.tx.InsertSecondFactor(ctx, f) })
}

func (x *failingTx) UpdateSecondFactor(ctx context.Context, f authority.SecondFactor) error {
	return unless(x.s.method("UpdateSecondFactor"), func() error { return x.tx.UpdateSecondFactor(ctx, f) })
}

func (x *failingTx) DeleteSecondFactor(ctx context.Context, userID string, version int64) error {
	return unless(x.s.method("DeleteSecondFactor"), func() error { return x.tx.DeleteSecondFactor(ctx, userID, version) })
}

func (x *failingTx) InsertRecoveryCode(ctx context.Context, userID string, d token.Digest) error {
	return unless(x.s.method("InsertRecoveryCode"), func() error { return x.tx.InsertRecoveryCode(ctx, userID, d) })
}

func (x *failingTx) DeleteRecoveryCode(ctx context.Context, userID string, d token.Digest) error {
	return unless(x.s.method("DeleteRecoveryCode"), func() error { return x.tx.DeleteRecoveryCode(ctx, userID, d) })
}

func (x *failingTx) DeleteRecoveryCodes(ctx context.Context, userID string) error {
	return unless(x.s.method("DeleteRecoveryCodes"), func() error { return x.tx.DeleteRecoveryCodes(ctx, userID) })
}
