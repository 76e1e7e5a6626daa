// SPDX-License-Identifier: Apache-2.0
#include "validator/app/cache.hpp"

#include <filesystem>

#include "validator/report/json.hpp"

namespace validator::app {

namespace fs = std::filesystem;

bool is_reusable(const Outcome& outcome, bool undecided) {
  if (outcome.verdict == Verdict::proved || outcome.verdict == Verdict::refuted) return true;
  const bool open = outcome.verdict == Verdict::unknown || outcome.verdict == Verdict::unsupported;
  return undecided && open && outcome.reason != "time" && outcome.reason != "memory";
}

Cache::Cache(const CacheOptions& options)
    : store_(options.folder, "symbolon-verdict-2"), undecided_(options.undecided) {}

std::optional<Outcome> Cache::find(const std::string& key, const Answers& answers) const {
  const std::optional<std::string> text = store_.find(key);
  if (!text) return std::nullopt;
  try {
    const report::Json json = report::Json::parse(*text);
    ir::Result<Outcome> outcome = report::outcome_from_json(json.at("outcome"));
    if (!outcome || !is_reusable(*outcome, undecided_) || outcome->uses.empty()) return std::nullopt;
    const auto stored = json.at("answers").get<std::vector<std::string>>();
    if (stored.size() != outcome->uses.size()) return std::nullopt;
    for (std::size_t i = 0; i < stored.size(); ++i) {
      if (answers(outcome->uses[i]) != stored[i]) return std::nullopt;
    }
    return *outcome;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

void Cache::store(const std::string& key, const Outcome& outcome, const Answers& answers) const {
  if (!store_.enabled() || !is_reusable(outcome, undecided_) || outcome.uses.empty()) return;
  std::vector<std::string> hashes;
  for (const std::string& question : outcome.uses) {
    const std::optional<std::string> answer = answers(question);
    if (!answer) return;
    hashes.push_back(*answer);
  }
  store_.store(key, report::to_text({{"answers", hashes}, {"outcome", report::outcome_to_json(outcome)}}));
}

std::string default_cache_dir() { return (fs::path(SYMBOLON_SOURCE_DIR) / "build" / "cache").string(); }

std::string last_run_path(const std::string& folder) { return (fs::path(folder) / "last-run.json").string(); }

}  // namespace validator::app
