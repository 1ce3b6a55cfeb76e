package catalogfile

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Parse reads and lints a file, and makes of it what package catalog takes.
// account is the one to bind it to, "" for what the file says. The faults are all
// there are; with an error among them the Spec is nil.
func Parse(data []byte, account string) (*catalog.Spec, Faults) {
	f, faults := Read(data)
	if faults.Errors() {
		return nil, faults
	}
	if faults = append(faults, f.Lint()...); faults.Errors() {
		return nil, faults
	}
	s, err := f.Spec(account)
	if err != nil {
		return nil, append(faults, Fault{Pos: f.Account.At, Rule: "no-account", Message: err.Error()})
	}
	return s, faults
}

// Spec is the catalogue of a file without errors, bound to an account if one is
// given.
func (f *File) Spec(account string) (*catalog.Spec, error) {
	s := &catalog.Spec{Name: f.Name.Value, Title: cmp.Or(f.Title.Value, f.Name.Value), Description: f.Description.Value}
	if err := f.bind(s, account); err != nil {
		return nil, err
	}
	x := f.index()
	for i := range f.Kinds {
		k := &f.Kinds[i]
		s.Kinds = append(s.Kinds, policy.Kind{Name: k.Name.Value, Parent: x.parent(k.Name.Value), Form: k.form})
	}
	for i := range f.Products {
		for j := range f.Products[i].Groups {
			s.Groups = append(s.Groups, f.group(x, &f.Products[i].Groups[j], f.Products[i].Name.Value))
		}
	}
	for i := range f.Operations {
		s.Operations = append(s.Operations, f.operation(x, &f.Operations[i]))
	}
	for i := range f.Templates {
		s.Templates = append(s.Templates, f.templates(x, &f.Templates[i])...)
	}
	return s, nil
}

func (f *File) bind(s *catalog.Spec, account string) error {
	said := f.Account.Value
	if id, ok := policy.ParseID(account); account != "" && (!ok || id == policy.ID{}) {
		return fmt.Errorf("%.64q is not the id of an account, 32 lowercase hex digits", account)
	}
	switch {
	case account != "" && (said == "" || said == AccountOfCaller):
		return errors.New("the file cannot be bound to an account: its requests name the account, or it is the caller's")
	case account != "":
		s.Account = account
	case said == AccountConfigured:
		return errors.New("account is configured: say which with FILE@ACCOUNT, or write its id into the file")
	case said == AccountOfCaller:
		s.CallersAccount = true
	default:
		s.Account = said
	}
	return nil
}

func (f *File) group(x *index, g *Group, product string) catalog.Group {
	scope, _ := x.kind(g.Scope.Value)
	return catalog.Group{
		Group:    policy.Group{ID: cmp.Or(g.ID.Value, groupID(f.Name.Value, g.Key.Value)), Name: g.Name.Value, Scope: scope},
		Category: "other", // the wire format has a fixed list of categories
		Level:    levelOf(g), Label: f.Name.Value + "_" + g.Key.Value, Description: g.Description.Value, Product: product,
	}
}

func (f *File) operation(x *index, op *Operation) catalog.OperationSpec {
	s := catalog.OperationSpec{
		ID: op.ID.Value, Method: op.Method.Value, Template: op.Path.Value, Product: op.Product.Value, Summary: op.Summary.Value,
		Rule: ruleOf(op), Places: placesOf(x, op.Resource),
	}
	if cmp.Or(op.Errors.Value, f.Errors.Value) == "core" {
		s.Family = catalog.FamilyCore
	}
	for _, key := range op.Groups {
		g := x.groups[key.Value]
		s.Groups = append(s.Groups, cmp.Or(g.ID.Value, groupID(f.Name.Value, g.Key.Value)))
	}
	names, _ := catalog.CheckTemplate(op.Path.Value)
	for _, name := range names {
		s.Params = append(s.Params, f.param(x, op, name))
	}
	if op.List != nil {
		s.List = &catalog.ListSpec{Items: op.List.Items.Value, Rows: placesOf(x, op.List.Rows), Paging: op.List.Paging}
	}
	return s
}

func ruleOf(op *Operation) catalog.Rule {
	switch {
	case op.Access.Value == accessLive:
		return catalog.Live
	case op.Access.Value == accessPublic:
		return catalog.Public
	case len(op.Groups) == 0:
		return catalog.Unstated
	case op.List != nil:
		return catalog.Rows
	}
	return catalog.Groups
}

func placesOf(x *index, places []Place) []catalog.PlaceSpec {
	var out []catalog.PlaceSpec
	for _, p := range places {
		full, _ := x.kind(p.Kind.Value)
		out = append(out, catalog.PlaceSpec{Kind: full, In: p.In, Name: p.Name.Value})
	}
	return out
}

func (f *File) param(x *index, op *Operation, name string) catalog.ParamSpec {
	s := catalog.ParamSpec{Name: name}
	for _, p := range op.Resource {
		if p.In != catalog.InPath || p.Name.Value != name {
			continue
		}
		if full, _ := x.kind(p.Kind.Value); x.kinds[full] != nil {
			s.Form = x.kinds[full].form
		} else {
			s.Form, _ = policy.ParseIDForm("hex32")
		}
	}
	for _, p := range op.Parameters {
		if p.Name.Value == name {
			s.Opaque, s.Rest = p.Form.Value == "opaque", p.Form.Value == "rest"
			s.Form, _ = policy.ParseIDForm(p.Form.Value)
		}
	}
	return s
}

// templates makes one for users' tokens and one for accounts', or one of them.
func (f *File) templates(x *index, t *Template) []catalog.Template {
	var out []catalog.Template
	for _, forAccount := range []bool{false, true} {
		if t.For.Value == "user" && forAccount || t.For.Value == "account" && !forAccount {
			continue
		}
		made := catalog.Template{
			Key: f.Name.Value + "-" + t.Key.Value, Name: t.Name.Value, Description: t.Description.Value, ForAccount: forAccount,
		}
		for _, key := range t.Groups {
			made.Groups = append(made.Groups, f.group(x, x.groups[key.Value], ""))
		}
		if !forAccount {
			made.Accounts = catalog.Choose
			if t.Accounts.Value == "all" {
				made.Accounts = catalog.Every
			}
		}
		out = append(out, made)
	}
	return out
}
