// Bulletins, requests and answers, as far as they are alike: given out, listed, opened, acknowledged, corrected, withdrawn,
// passed on. Every version is a dossier of its own ('N-rs_mup-0123456789.2'), sealed by the audit chain, and what
// organisations did about it are its steps (docs/adr/0022-contact-desk.md).
#pragma once

#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"
#include "model/bulletin.hpp"
#include "work/contact/desk.hpp"
#include "work/contact/exits.hpp"

namespace threatlas::work::contact {

// A version as it is kept, whichever its kind.
struct Paper {
    std::string kind, id, at;             // at: when it was kept here
    std::uint64_t version = 1;
    std::string handling;
    std::vector<std::string> owners, audience;
    core::json::object record;
    std::vector<store::DossierStep> steps;
    Marked marked() const { return {id, store::parse_marking(handling), owners, audience}; }
};
// Of one id, or all of a kind; by id, then version. What the reader may see.
core::Result<std::vector<Paper>> papers(const Desk& desk, const model::Reader& reader, const std::string& kind, const std::string& id = {});
// The same, and what came by a consent that was taken back (consents.hpp): for the desk itself, never for people.
core::Result<std::vector<Paper>> kept_papers(const Desk& desk, const model::Reader& reader, const std::string& kind, const std::string& id = {});
// False when that version is kept already.
core::Result<bool> keep(const Desk& desk, const model::Reader& who, const Paper& paper);
// A step of an organisation's on a version: fetched, read, acknowledged, forwarded. Once each; forwarded as often as it is to
// somebody new. Goes to the originator as well, when that is elsewhere.
core::Result<void> note(const Desk& desk, const model::Reader& who, const Paper& paper, model::Acknowledgement what);
// What the steps of a version say of each organisation, by organisation.
std::vector<model::Receipt> receipts_of(const Paper& paper, const std::vector<std::string>& recipients);
// To whom it was passed on, and by whom.
std::vector<model::Acknowledgement> forwards_of(const Paper& paper);
bool is_id(std::string_view text);        // what an id may look like
// Its last day has passed (UTC): it stays to be read, and is not sent anew. What is withdrawn or has no last day does not expire.
bool expired(const Desk& desk, const Paper& paper);

template <class T>
struct Held {
    T record;
    std::vector<model::Receipt> receipts;   // who issued it sees every organisation's, others their own
    Marked marked;
    bool expired = false;
};

// The first version. Handling left empty: what it is made of says, else TLP:AMBER. Recipients left empty: every member.
// bad_input for what the catalogue does not know, not_allowed for a marking or recipients that the owners of its inputs have not
// consented to. attachments: name and sha256 of files kept before by this organisation (files.hpp).
template <class T>
core::Result<Held<T>> give(const Desk& desk, const model::Reader& who, T wanted);
// The newest version of each that the reader may see, what has expired last; those new to the reader's organisation count as fetched.
template <class T>
core::Result<std::vector<Held<T>>> listed(const Desk& desk, const model::Reader& reader);
// By id or its beginning; counts as read by the reader's organisation. version 0: the newest. Of what is withdrawn, earlier
// versions are for who issued it. not_found; conflict when several begin so.
template <class T>
core::Result<Held<T>> opened(const Desk& desk, const model::Reader& reader, const std::string& id, std::uint64_t version = 0);
template <class T>
core::Result<Held<T>> acknowledge(const Desk& desk, const model::Reader& who, const std::string& id, const std::string& note);
// A version more, to all who had one before and whom it was passed on to. Every field of `wanted` stands but those
// that are kept: id, originator, recipients (they can only become more). conflict when it is withdrawn.
template <class T>
core::Result<Held<T>> correct(const Desk& desk, const model::Reader& who, T wanted, const std::string& reason);
// state: withdrawn, or closed for a request. The last version: says the reason and nothing of what it said before (closed: all of it).
template <class T>
core::Result<Held<T>> end(const Desk& desk, const model::Reader& who, const std::string& id, const std::string& state, const std::string& reason);
template <class T>
core::Result<Held<T>> forward(const Desk& desk, const model::Reader& who, const std::string& id, const std::vector<std::string>& to, const std::string& note);

template <class T>
core::Result<T> record_of(const Paper& paper);
template <class T>
core::Result<Paper> paper_of(const T& record);

// What is particular to a kind: which fields it must have (kinds.cpp).
core::Result<void> check(const Desk& desk, const model::Reader& who, model::Bulletin& wanted);
core::Result<void> check(const Desk& desk, const model::Reader& who, model::Request& wanted);
core::Result<void> check(const Desk& desk, const model::Reader& who, model::Answer& wanted);
std::string title_of(const model::Bulletin& record);
std::string title_of(const model::Request& record);
std::string title_of(const model::Answer& record);
// What a withdrawal leaves.
void empty(model::Bulletin& record);
void empty(model::Request& record);
void empty(model::Answer& record);

}  // namespace threatlas::work::contact
