// Matches between the two surrogates of a character, which Java finds as it counts in UTF-16.
#include "expr/regex_pairs.h"

#include <string>
#include <string_view>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/utf8.h"
#include "expr/regex.h"

namespace ksv::expr {
namespace {

// A character of four bytes, and the two of three bytes that its surrogates would have.
constexpr std::size_t kPairBytes = 4;
constexpr std::size_t kMiddle = 2;
constexpr std::size_t kSurrogateBytes = 3;

bool begins_pair(std::string_view text, std::size_t at) {
  return at < text.size() && static_cast<unsigned char>(text[at]) >= 0xF0;
}

bool is_continuation(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

std::string surrogates_of(std::string_view character) {
  std::string both;
  for (const char16_t unit : to_utf16(character)) append_utf8(both, unit);
  return both;
}

// The place in the text of one in the text whose pair was taken apart.
std::size_t joined_place(std::size_t place, std::size_t pair) {
  if (place <= pair) return place;
  if (place == pair + kSurrogateBytes) return pair + kMiddle;
  return place - (2 * kSurrogateBytes - kPairBytes);
}

}  // namespace

bool is_within_pair(std::string_view text, std::size_t at) {
  return at >= kMiddle && is_continuation(text, at) && begins_pair(text, at - kMiddle);
}

std::size_t next_unit(std::string_view text, std::size_t at) {
  if (is_within_pair(text, at)) return at + kPairBytes - kMiddle;
  if (begins_pair(text, at)) return at + kMiddle;
  ++at;
  while (is_continuation(text, at)) ++at;
  return at;
}

std::string cut(std::string_view text, std::size_t begin, std::size_t end) {
  std::string part;
  if (begin < end && is_within_pair(text, begin)) {
    part = surrogates_of(text.substr(begin - kMiddle, kPairBytes)).substr(kSurrogateBytes);
    begin += kPairBytes - kMiddle;
  }
  const bool halves = is_within_pair(text, end) && begin < end;
  const std::size_t whole_end = halves ? end - kMiddle : end;
  if (begin < whole_end) part += text.substr(begin, whole_end - begin);
  if (halves) {
    part += surrogates_of(text.substr(end - kMiddle, kPairBytes)).substr(0, kSurrogateBytes);
  }
  return part;
}

// What a match must begin with, where PCRE2 knows it, is no surrogate in most patterns.
bool Pattern::may_match_within_pair() const {
  const auto* code = static_cast<const pcre2_code*>(code_);
  constexpr std::uint32_t kFirstOfSurrogate = 0xED;
  std::uint32_t kind = 0;
  pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODETYPE, &kind);
  if (kind == 1) {
    std::uint32_t first = 0;
    pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODEUNIT, &first);
    return first == kFirstOfSurrogate;
  }
  const std::uint8_t* firsts = nullptr;
  pcre2_pattern_info(code, PCRE2_INFO_FIRSTBITMAP, &firsts);
  return firsts == nullptr || (firsts[kFirstOfSurrogate / 8] >> (kFirstOfSurrogate % 8) & 1) != 0;
}

// A match within the pair, with `first` in place of its first surrogate.
Result<std::optional<Match>> Pattern::match_apart(Machine& machine, std::string_view text,
                                                  std::size_t pair, std::string_view first) const {
  if (!machine.take(text.size() + 2 * kSurrogateBytes)) return machine.out_of_memory();
  std::string apart(text.substr(0, pair));
  apart += first;
  apart += surrogates_of(text.substr(pair, kPairBytes)).substr(kSurrogateBytes);
  apart += text.substr(pair + kPairBytes);
  return run(machine, apart, pair + first.size(), PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK);
}

Result<std::optional<Match>> Pattern::match_within_pair(Machine& machine, std::string_view text,
                                                        std::size_t pair) const {
  const std::string first = surrogates_of(text.substr(pair, kPairBytes)).substr(0, kSurrogateBytes);
  std::optional<Match> match = KSV_TRY(match_apart(machine, text, pair, first));
  // Java looks behind for the whole character, which ends too late, so that no part of a pattern
  // matches it. No character does the same here.
  bool certain = !match || !looks_behind_;
  if (!match && looks_not_behind_) {
    for (const std::string_view other : {"\n", ",", "a", "0", " "}) {
      const std::optional<Match> found = KSV_TRY(match_apart(machine, text, pair, other));
      certain = certain && !found;
    }
  }
  if (!certain) {
    return failure(
        "Java would look behind from within a character outside the basic plane, between its "
        "surrogates: match it whole");
  }
  if (!match) return match;
  for (Group& group : *match) {
    if (!group.matched()) continue;
    group = {joined_place(group.begin, pair), joined_place(group.end, pair)};
  }
  return match;
}

Result<std::optional<Match>> Pattern::find(Machine& machine, std::string_view text,
                                           std::size_t from) const {
  const bool within = is_within_pair(text, from);
  if (within) {
    // Here even a pattern looks that goes from character to character otherwise.
    std::optional<Match> match = KSV_TRY(match_within_pair(machine, text, from - kMiddle));
    if (match) return match;
    from = next_unit(text, from);
  }
  std::optional<Match> match = KSV_TRY(run(machine, text, from, 0));
  if (sees_pairs_ || !may_match_within_pair()) return match;
  const std::size_t end = match ? (*match)[0].begin : text.size();
  for (std::size_t at = from; at < end; ++at) {
    if (!begins_pair(text, at)) continue;
    std::optional<Match> inner = KSV_TRY(match_within_pair(machine, text, at));
    if (inner) return inner;
  }
  return match;
}

}  // namespace ksv::expr
