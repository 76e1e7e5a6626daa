// SPDX-License-Identifier: Apache-2.0
// The whole image: table of functions, then each function on its own, then what only the whole shows.
#include <fmt/format.h>

#include "validator/binary/binary.hpp"
#include "validator/binary/facts.hpp"
#include "validator/binary/flow.hpp"
#include "validator/binary/graph_builder.hpp"
#include "validator/binary/text_map.hpp"
#include "validator/binary/witness.hpp"

namespace validator::binary {

namespace {

class ImageLifter {
 public:
  ImageLifter(const Image& image, const isa::Models& models, const LiftOptions& options) : functions_(image), models_(models) {
    if (!options.witness) return;
    auto opened = Witness::open();
    if (opened) {
      witness_ = std::move(*opened);
    } else {
      no_witness_ = opened.error();
    }
  }

  LiftedImage run() {
    WordLifter words(models_, witness_.get());
    for (const FunctionEntry& entry : functions_.entries()) lift(entry, words);
    LiftedImage image;
    image.text = make_text_map(functions_, tables_);
    image.facts = make_facts(functions_, module_, records_, reached_);
    image.module = std::move(module_);
    return image;
  }

 private:
  void lift(const FunctionEntry& entry, WordLifter& words) {
    auto built = no_witness_ ? ir::Result<BuiltFunction>(*no_witness_) : lift_graph(entry, words);
    std::vector<std::string> keys = entry.aliases;
    keys.push_back(entry.key);
    for (const std::string& key : keys) {
      if (!built) {
        module_.failed[key] = built.error();
        continue;
      }
      ir::Function& function = module_.functions[key] = built->function;
      function.symbol = key;
      if (key != entry.key) function.display = key;
    }
  }

  ir::Result<BuiltFunction> lift_graph(const FunctionEntry& entry, WordLifter& words) {
    auto flow = recover_flow(entry, functions_, words);
    if (!flow) return flow.error();
    auto built = build_function(*flow, functions_, words);
    if (!built) return built;
    records_[entry.key] = {flow->covers, built->call_targets, built->tail_call_targets, built->bl_targets, built->indirect_calls};
    for (const auto& [address, step] : flow->steps) reached_.insert(address);
    for (const auto& [address, bytes] : flow->tables) {
      if (functions_.in_executable_section(address)) tables_[address] = std::max(tables_[address], bytes);
    }
    return built;
  }

  FunctionTable functions_;
  const isa::Models& models_;
  std::unique_ptr<Witness> witness_;
  std::optional<ir::Error> no_witness_;
  ir::Module module_;
  std::map<std::string, LiftRecord> records_;
  std::map<std::uint64_t, std::uint64_t> tables_;
  std::set<std::uint64_t> reached_;
};

}  // namespace

LiftedImage lift_image(const Image& image, const isa::Models& models, const LiftOptions& options) {
  return ImageLifter(image, models, options).run();
}

}  // namespace validator::binary
