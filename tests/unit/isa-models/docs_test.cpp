// SPDX-License-Identifier: Apache-2.0
// The documentation: a page for every group, links that lead somewhere, and what a page must show.
#include "isa-models/conformance/docs.hpp"

#include <gtest/gtest.h>

#include <map>
#include <regex>

#include "models_fixture.hpp"

namespace {

const std::map<std::string, std::string>& pages() {
  static const std::map<std::string, std::string> result = [] {
    const auto known = isa::Known::load(isa::Known::default_directory());
    std::map<std::string, std::string> made;
    for (auto& [name, text] : isa::documentation(shipped_models(), *known)) EXPECT_TRUE(made.emplace(name, text).second) << "two pages " << name;
    return made;
  }();
  return result;
}

TEST(Docs, every_group_has_a_page_that_the_index_names) {
  unsigned groups = 0;
  shipped_models().for_each_group([&](const isa::Group& group) {
    ++groups;
    const auto page = pages().find(isa::page_name(group));
    ASSERT_NE(page, pages().end()) << group.name;
    EXPECT_NE(pages().at("README.md").find("](" + isa::page_name(group) + ")"), std::string::npos) << group.name;
    for (const char* part : {"# ", "## Encoding", "## Execute", "## Assembly", "## Examples", "| `"}) EXPECT_NE(page->second.find(part), std::string::npos) << group.name << ": " << part;
    for (const std::string& title : group.pages) EXPECT_NE(page->second.find(title), std::string::npos) << title;
  });
  EXPECT_EQ(pages().size(), groups + 2);
}

TEST(Docs, links_resolve) {
  const std::regex link(R"(\]\(([^)#]*)(#[^)]*)?\))");
  unsigned count = 0;
  for (const auto& [name, text] : pages())
    for (auto at = std::sregex_iterator(text.begin(), text.end(), link); at != std::sregex_iterator(); ++at) {
      const auto target = pages().find((*at)[1].str());
      ASSERT_NE(target, pages().end()) << name << ": " << (*at)[0];
      ++count;
      if (std::string heading = (*at)[2].str(); !heading.empty()) {
        std::string lower = target->second;
        for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        EXPECT_NE(lower.find("## " + heading.substr(1) + "\n"), std::string::npos) << name << ": " << (*at)[0];
      }
    }
  EXPECT_GT(count, pages().size() * 2);
}

TEST(Docs, a_page_shows_bits_text_and_notes) {
  const std::string& page = pages().at("movk-movn-movz.md");
  EXPECT_NE(page.find("| 31 | 30:29 | 28:23 | 22:21 | 20:5 | 4:0 |"), std::string::npos) << page;
  EXPECT_NE(page.find("| sf | opc | 100101 | hw | imm16 | Rd |"), std::string::npos);
  EXPECT_NE(page.find("if opc == '01' then UNDEFINED; end"), std::string::npos);
  EXPECT_NE(page.find("vixl is wrong on some of its words"), std::string::npos);
  EXPECT_EQ(pages().at("ccmn-ccmp-register-and-immediate.md").find("[Extend]"), std::string::npos);
  EXPECT_NE(pages().at("adc-adcs-sbc-sbcs.md").find("[AddWithCarry](shared-functions.md#addwithcarry)"), std::string::npos);
}

}  // namespace
