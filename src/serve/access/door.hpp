// What the dispatcher needs of this room, joined: who is asking, whether they may, and the routes of the door itself.
#pragma once

#include <memory>

#include "model/catalogue.hpp"
#include "serve/access/authentication.hpp"
#include "serve/dispatch.hpp"

namespace threatlas::serve::access {

Door make_door(std::shared_ptr<Access> access);

// session, sessions, setup, invitations, account, people, tokens, certificates, organisations, rights. The catalogue's members are the
// organisations; it must live as long.
Routes access_routes(std::shared_ptr<Access> access, const model::Catalogue& catalogue);

}  // namespace threatlas::serve::access
