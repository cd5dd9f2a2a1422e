// Reads page after page, and notes the place behind what was printed.
#include "cli/dynamo_walk.h"

#include <algorithm>
#include <utility>

#include "cli/item_command.h"

#include "backend/dynamodb/dynamo_json.h"
#include "base/json_slice.h"
#include "base/parallel.h"
#include "codec/dynamo_item.h"
#include "codec/edn.h"

namespace ksv::cli {
namespace {

using dynamodb::ItemPage;
using dynamodb::ObjectText;
using dynamodb::PageInput;

// Segments that are read at the same time.
constexpr std::size_t kThreadsMax = 32;
constexpr std::uint64_t kPageLimitMax = 1'000'000;

bool is_one_of(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The item with these attributes alone, or without them.
Result<std::string> part_of(const std::string& item, const std::vector<std::string>& names,
                            bool with) {
  ObjectText part;
  for (const auto& [name, value] : KSV_TRY(json_members(item))) {
    if (is_one_of(names, name) == with) part.json(name, value);
  }
  return part.take();
}

Result<std::string> place_of(const Value& start) {
  auto json = write_item(start);
  if (!json.has_value()) return std::move(json).error().with_context("--start");
  return json;
}

}  // namespace

Status Walk::begin(std::size_t segments, const std::optional<Value>& start) {
  next_.assign(segments, "");
  done_.assign(segments, false);
  if (!start) return ok();
  const Value* at = start->is(Kind::kMap) ? field(*start, "segments") : nullptr;
  const bool is_of_segments = at != nullptr && at->is(Kind::kVector);
  if (!is_of_segments) {
    if (segments > 1) {
      return Error(ErrorCode::kUsage, "--start: is of a walk without --segments");
    }
    next_[0] = KSV_TRY(place_of(*start));
    return ok();
  }
  if (at->items().size() != segments) {
    return Error(ErrorCode::kUsage, "--start: is of a walk with another number of --segments");
  }
  for (std::size_t part = 0; part < segments; ++part) {
    const Value& place = at->items()[part];
    done_[part] = place.is(Kind::kKeyword);  // :done
    if (place.is(Kind::kMap)) next_[part] = KSV_TRY(place_of(place));
  }
  return ok();
}

std::string Walk::continuation() const {
  const auto is_done = [](bool done) { return done; };
  const bool is_over = std::all_of(done_.begin(), done_.end(), is_done);
  const bool has_begun =
      std::any_of(done_.begin(), done_.end(), is_done) ||
      std::any_of(next_.begin(), next_.end(), [](const auto& key) { return !key.empty(); });
  if (is_over || !has_begun) return "";
  const auto text_of = [](const std::string& json) {
    const auto key = shown_item(json);
    return key.has_value() ? print_edn(*key) : std::string("nil");
  };
  if (!is_parallel()) return text_of(next_[0]);
  std::string text = "{:segments [";
  for (std::size_t part = 0; part < next_.size(); ++part) {
    if (part > 0) text += ' ';
    text += done_[part] ? ":done" : next_[part].empty() ? "nil" : text_of(next_[part]);
  }
  return text + "]}";
}

Status Walk::run() {
  return for_each_parallel(next_.size(), kThreadsMax,
                           [&](std::size_t part) { return walk_part(part); });
}

Status Walk::walk_part(std::size_t part) {
  PageInput input = plan_.input;
  input.capacity = capacity_.wish();
  if (is_parallel()) {
    input.segment = static_cast<std::int64_t>(part);
    input.segments = static_cast<std::int64_t>(next_.size());
  }
  for (;;) {
    {
      const std::lock_guard guard(mutex_);
      if (done_[part] || is_full()) return ok();
      input.start = next_[part];
      // Without a filter each item that is looked at is one of the answer.
      if (plan_.limit > 0 && input.filter.empty()) {
        const std::uint64_t left = plan_.limit - printed_;
        input.limit = static_cast<std::int64_t>(std::min(left, kPageLimitMax));
      }
    }
    const ItemPage page = KSV_TRY(read_page(wire_, input));
    capacity_.add(page.capacity);
    KSV_CHECK(print(page, part));
  }
}

// What the limit allows, and the place after it. Where other parts have reached the limit meanwhile
// the place stays before the page: whoever goes on reads it again.
Status Walk::print(const ItemPage& page, std::size_t part) {
  const std::lock_guard guard(mutex_);
  if (is_full()) return ok();
  count_ += page.count;
  std::size_t taken = 0;
  while (taken < page.items.size() && !is_full()) {
    KSV_CHECK(print_shown(page.items[taken]));
    ++taken;
    ++printed_;
  }
  std::string after = page.next;
  if (taken < page.items.size()) {
    after = KSV_TRY(part_of(page.items[taken - 1], plan_.keys, true));
  }
  done_[part] = after.empty();
  next_[part] = std::move(after);
  if (session_.out().closed_pipe()) {
    return Error(ErrorCode::kCancelled, "standard output was closed");
  }
  return ok();
}

Status Walk::print_shown(const std::string& item) {
  if (plan_.hidden.empty()) return print_item(session_, item);
  const std::string shown = KSV_TRY(part_of(item, plan_.hidden, false));
  return print_item(session_, shown);
}

}  // namespace ksv::cli
