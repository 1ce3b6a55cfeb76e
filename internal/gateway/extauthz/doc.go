// Package extauthz answers Envoy's external authorization filter: the service
// envoy.service.auth.v3.Authorization, over gRPC. It owns how a question is read
// and an answer written, and the gRPC server with its limits; nothing else here
// knows gRPC. Messages are read and written field by field, and tests hold that to
// the types that Envoy's project generates.
//
// What may be done, and what is said to those who may not, is judged by package
// enforce as it judges forward-auth. Every question gets an answer that Envoy takes
// for a denial or a yes, never an error of gRPC: an operator who lets requests pass
// when nobody answers would let those pass too. Only a question of more than 256 KiB,
// which is four times what Envoy takes of a header, is not read at all.
package extauthz
