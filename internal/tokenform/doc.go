// Package tokenform owns the form in which people make and change tokens, as a
// model without a page: what is in the form ([Form]), what it means as a draft
// ([Form.Draft]) and back ([FromDraft]), which permissions there are to pick
// ([Picker]), what a token means in plain words ([Words]), what is worth a
// warning ([Warnings]), how the same is said to curl, Terraform and the command
// line ([CurlCreate], [Terraform], [CommandCreate]), and the JSON document of tokens that the
// form cannot express ([ReadDocument]).
//
// Nothing here does I/O. Names of zones and accounts come in as [Names]; whether
// the caller may give what a form gives is for package authority to say.
package tokenform
