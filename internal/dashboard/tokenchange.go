package dashboard

import "context"

// roll gives a token another secret and shows it.
func (d *Dashboard) roll(ctx context.Context, in *request) (page, error) {
	t, err := d.authority.Token(ctx, in.caller, in.owner(), in.path("token"))
	if err != nil {
		return page{}, err
	}
	secret, err := d.authority.Roll(ctx, in.caller, in.owner(), t.ID)
	if err != nil {
		return d.refused(ctx, in, rolling(), err)
	}
	return d.secretPage(in, &t, secret, true), nil
}

func (d *Dashboard) disable(ctx context.Context, in *request) (page, error) {
	return d.switchToken(ctx, in, false)
}

func (d *Dashboard) enable(ctx context.Context, in *request) (page, error) {
	return d.switchToken(ctx, in, true)
}

func (d *Dashboard) switchToken(ctx context.Context, in *request, on bool) (page, error) {
	change, said := disabling(), " is disabled: it is refused from now on."
	if on {
		change, said = enabling(), " is enabled."
	}
	t, err := d.authority.SwitchToken(ctx, in.caller, in.owner(), in.path("token"), on)
	if err != nil {
		return d.refused(ctx, in, change, err)
	}
	d.tell(ctx, "success", t.Name+said)
	return seeOther(in.base() + "/api-tokens/" + t.ID), nil
}

// deleteToken revokes a token for good.
func (d *Dashboard) deleteToken(ctx context.Context, in *request) (page, error) {
	t, err := d.authority.Token(ctx, in.caller, in.owner(), in.path("token"))
	if err != nil {
		return page{}, err
	}
	if err := d.authority.Revoke(ctx, in.caller, in.owner(), t.ID); err != nil {
		return d.refused(ctx, in, deleting(), err)
	}
	d.tell(ctx, "success", t.Name+" is deleted: it is refused from now on.")
	return seeOther(in.base() + "/api-tokens"), nil
}
