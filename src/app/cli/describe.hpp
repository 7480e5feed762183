// Descriptions of the records, made from their field lists.
#pragma once

#include <map>
#include <string>

#include "core/json.hpp"

namespace threatlas::app {

std::map<std::string, core::json::object> schemas();   // by name: a catalogue's lists, 'assessment'
std::string model_page();                              // docs/MODEL.md

}  // namespace threatlas::app
