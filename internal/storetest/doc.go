// Package storetest says what a store must do: [Run] is the contract of
// [authority.Store] and [dns.Store] as a suite that every database passes. What only
// one database does (its files, its locks, its crash) is tested beside its code.
//
// [Failing] and [FailingRecords] are stores that fail on purpose, for the tests of
// those who use one: a check whose store fails must end in deny.
package storetest
