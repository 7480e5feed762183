// A profile being compiled: what its sections have at hand.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "publish/profiles/profile.hpp"
#include "store/rights.hpp"

namespace threatlas::publish::profiles {

class Compiler {
  public:
    Compiler(const assess::Assessment& assessment, const model::Catalogue& catalogue, AreaProfile& profile);

    const assess::Assessment& assessment;
    const model::Catalogue& catalogue;
    AreaProfile& profile;
    std::set<std::string> threats;      // of the area

    const assess::Figure* figure(const std::string& id) const;   // nullptr: withheld or unknown
    std::vector<const assess::Figure*> figures_of(const std::string& threat) const;
    bool cited(const assess::Figure& figure) const;
    ProfileSection& section(std::string_view id);
    void say(std::string_view section, std::string key, std::string nature, std::string words, std::string threat, const std::vector<const assess::Figure*>& figures, const std::string& handling = "TLP:CLEAR");

  private:
    std::map<std::string, const assess::Figure*> figures_;
    std::set<std::string> cited_;
};

}  // namespace threatlas::publish::profiles
