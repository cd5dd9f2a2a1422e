// The table of the language as a whole: finding names in it.
#include "expr/builtins.h"

#include <algorithm>
#include <unordered_map>

#include "expr/left_out.h"

namespace ksv::expr {
namespace {

using Index = std::unordered_map<std::string_view, const BuiltinInfo*>;

const Index& index_of_builtins() {
  static const Index all = [] {
    Index index;
    for (const BuiltinFamily& family : builtin_families()) {
      for (const BuiltinInfo& info : family.functions) index.emplace(info.name, &info);
    }
    for (const BuiltinInfo& info : expansion_builtins()) index.emplace(info.name, &info);
    return index;
  }();
  return all;
}

// The name as the table has it; nothing for a namespace that is none of ours.
std::optional<std::string> table_name(const Name& name) {
  if (!name.ns || *name.ns == "clojure.core") return name.name;
  if (*name.ns == "str" || *name.ns == "string" || *name.ns == "clojure.string") {
    return "str/" + name.name;
  }
  if (*name.ns == "set" || *name.ns == "clojure.set") return "set/" + name.name;
  return std::nullopt;
}

// How many letters were changed, left out, added, or exchanged with their neighbour.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);  // two rows back
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

std::span<const BuiltinFamily> builtin_families() {
  static const BuiltinFamily families[] = {
      {"Arithmetic", arithmetic_builtins()},
      {"Kinds of number", number_builtins()},
      {"Bits", bit_builtins()},
      {"Comparison", compare_builtins()},
      {"Predicates", predicate_builtins()},
      {"Collections", collection_builtins()},
      {"Maps", map_builtins()},
      {"Sequences", sequence_builtins()},
      {"Mapping and filtering", transform_builtins()},
      {"Parts and ranges", slice_builtins()},
      {"Sorting and grouping", group_builtins()},
      {"Reducing", reduce_builtins()},
      {"Functions of functions", function_builtins()},
      {"Text", text_builtins()},
      {"Names", name_builtins()},
      {"Strings", string_builtins()},
      {"Regular expressions", regex_builtins()},
      {"Sets", set_builtins()},
      {"Relations", relation_builtins()},
  };
  return families;
}

std::string arity_text(const BuiltinInfo& info) {
  std::string least = std::to_string(info.arity_min);
  if (info.arity_max == info.arity_min) return least;
  if (info.arity_max == kAnyArity)
    return info.arity_min == 0 ? "any number of" : least + " or more";
  if (info.arity_max == info.arity_min + 1) return least + " or " + std::to_string(info.arity_max);
  return least + " to " + std::to_string(info.arity_max);
}

const BuiltinInfo* find_builtin(const Name& name) {
  const std::optional<std::string> wanted = table_name(name);
  if (!wanted) return nullptr;
  // Those of expansions have names that no text can hold, but keyword and symbol can make.
  if (wanted->starts_with('(')) return nullptr;
  // A slash within the name is no namespace.
  if (!name.ns && name.name != "/" && name.name.find('/') != std::string::npos) return nullptr;
  const Index& index = index_of_builtins();
  const auto found = index.find(*wanted);
  return found == index.end() ? nullptr : found->second;
}

const BuiltinInfo& builtin(std::string_view name) {
  const auto found = index_of_builtins().find(name);
  KSV_ASSERT(found != index_of_builtins().end());
  return *found->second;
}

std::string closest_name(const Name& name) {
  const std::string wanted = table_name(name).value_or(name.name);
  constexpr std::size_t kNameMax = 40;
  if (wanted.size() > kNameMax) return "";
  std::string_view best;
  std::size_t best_distance = wanted.size() <= 3 ? 2 : 3;
  const auto consider = [&](std::string_view candidate) {
    // A function of clojure.string or clojure.set named without its prefix.
    const bool bare = candidate.size() > 4 && candidate[3] == '/' && candidate.substr(4) == wanted;
    const std::size_t found = bare ? 0 : distance(wanted, candidate);
    if (found >= best_distance) return;
    best = candidate;
    best_distance = found;
  };
  for (const BuiltinFamily& family : builtin_families()) {
    for (const BuiltinInfo& info : family.functions) consider(info.name);
  }
  for (const SpecialFormInfo& form : special_forms()) consider(form.name);
  return std::string(best);
}

std::string_view left_out(const Name& name) {
  const std::optional<std::string> wanted = table_name(name);
  if (!wanted) return "";
  for (const LeftOut& entry : left_out_names()) {
    if (entry.name == *wanted) return entry.instead;
  }
  for (const LeftOut& group : left_out_groups()) {
    for (std::string_view rest = group.name; !rest.empty();) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (rest.substr(0, end) == *wanted) return group.instead;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return "";
}

}  // namespace ksv::expr
