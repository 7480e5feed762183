// What the commands of the contact desk share.
#pragma once

#include <memory>
#include <string>

#include "app/cli/session.hpp"
#include "work/contact/desk.hpp"

namespace threatlas::app {

// The store, the catalogue, and in whose name this process speaks: the organisation whose node this is, else the working group.
struct OpenDesk {
    std::unique_ptr<store::Store> store;
    model::Catalogue catalogue;
    model::Reader reader;
    work::contact::Desk desk() const { return {*store, catalogue}; }
};
core::Result<OpenDesk> open_desk(const Session& session, const std::string& purpose);

// A text given on the command line, or '@file'.
core::Result<std::string> text_or_file(const std::string& said);

}  // namespace threatlas::app
