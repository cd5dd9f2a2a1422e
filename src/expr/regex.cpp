// Java's regular expressions, through PCRE2.
#include "expr/regex.h"

#include <algorithm>
#include <memory>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include "expr/regex_pairs.h"
#include "expr/regex_translate.h"

namespace ksv::expr {
namespace {

// A pattern longer than this is no one's intention.
constexpr std::size_t kSourceBytesMax = 32768;
// Memory of one match, in KiB.
constexpr std::uint32_t kHeapLimit = 65536;
// The backtracking that a match may do at first; where it needs more, it starts again with more, so
// that what it used is known and counted.
constexpr std::uint32_t kFirstMatchLimit = 2000;
constexpr std::uint32_t kMatchLimitFactor = 16;

struct FreeMatchData {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeMatchContext {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

std::string message_of(int code) {
  PCRE2_UCHAR buffer[256] = {};
  pcre2_get_error_message(code, buffer, sizeof buffer);
  return reinterpret_cast<const char*>(buffer);
}

PCRE2_SPTR units_of(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

}  // namespace

Pattern::Pattern(void* code, std::size_t groups, std::map<std::string, int, std::less<>> names,
                 std::string_view source)
    : code_(code),
      groups_(groups),
      names_(std::move(names)),
      sees_pairs_(pattern_sees_pairs(source)),
      looks_behind_(source.find("(?<=") != std::string_view::npos),
      looks_not_behind_(source.find("(?<!") != std::string_view::npos) {}

Pattern::~Pattern() { pcre2_code_free(static_cast<pcre2_code*>(code_)); }

Result<std::shared_ptr<const Pattern>> Pattern::compile(std::string_view source) {
  if (source.size() > kSourceBytesMax) {
    return Error(ErrorCode::kUsage, "the pattern is too long");
  }
  TranslatedPattern translated = KSV_TRY(translate_pattern(source));
  int code = 0;
  PCRE2_SIZE at = 0;
  pcre2_code* compiled = pcre2_compile(units_of(translated.text), translated.text.size(),
                                       PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY,
                                       &code, &at, nullptr);
  if (compiled == nullptr) {
    return Error(ErrorCode::kUsage, fmt::format("the pattern is malformed: {}", message_of(code)));
  }
  return std::shared_ptr<const Pattern>(new Pattern(
      compiled, static_cast<std::size_t>(translated.groups), std::move(translated.names), source));
}

Status check_pattern(std::string_view source) {
  KSV_CHECK(Pattern::compile(source));
  return ok();
}

std::optional<std::size_t> Pattern::group_named(std::string_view name) const {
  const auto found = names_.find(name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found->second);
}

Result<std::optional<Match>> Pattern::run(Machine& machine, std::string_view text, std::size_t from,
                                          std::uint32_t options) const {
  const auto* code = static_cast<const pcre2_code*>(code_);
  const std::unique_ptr<pcre2_match_data, FreeMatchData> data(
      pcre2_match_data_create_from_pattern(code, nullptr));
  const std::unique_ptr<pcre2_match_context, FreeMatchContext> context(
      pcre2_match_context_create(nullptr));
  KSV_ASSERT(data != nullptr && context != nullptr);
  pcre2_set_heap_limit(context.get(), kHeapLimit);
  int found = PCRE2_ERROR_MATCHLIMIT;
  for (std::uint64_t limit = kFirstMatchLimit; found == PCRE2_ERROR_MATCHLIMIT;
       limit *= kMatchLimitFactor) {
    if (!machine.spend(limit == kFirstMatchLimit ? 1 + text.size() / 64 : limit / 16)) {
      return machine.out_of_steps();
    }
    const auto bounded = static_cast<std::uint32_t>(std::min<std::uint64_t>(limit, UINT32_MAX));
    pcre2_set_match_limit(context.get(), bounded);
    found =
        pcre2_match(code, units_of(text), text.size(), from, options, data.get(), context.get());
  }
  if (found == PCRE2_ERROR_NOMATCH) return std::optional<Match>();
  if (found < 0) return failure(fmt::format("the text cannot be matched: {}", message_of(found)));
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(data.get());
  Match match(groups_ + 1);
  for (std::size_t i = 0; i <= groups_; ++i) {
    // A group behind the last that took part is not written.
    if (i >= static_cast<std::size_t>(found) || offsets[2 * i] == PCRE2_UNSET) continue;
    match[i] = {offsets[2 * i], offsets[2 * i + 1]};
  }
  return std::optional<Match>(std::move(match));
}

Result<std::optional<Match>> Pattern::match_whole(Machine& machine, std::string_view text) const {
  return run(machine, text, 0, PCRE2_ANCHORED | PCRE2_ENDANCHORED);
}

Result<std::optional<Match>> MatchWalk::next() {
  if (from_ > text_.size()) return std::optional<Match>();
  std::optional<Match> match = KSV_TRY(pattern_.find(machine_, text_, from_));
  if (!match) {
    from_ = text_.size() + 1;
    return match;
  }
  const Group& whole = (*match)[0];
  from_ = whole.end;
  if (whole.begin == whole.end) from_ = next_unit(text_, from_);
  return match;
}

}  // namespace ksv::expr
