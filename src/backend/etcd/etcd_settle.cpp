// Finding out by the history of a key what became of a write.
//
// A write under Match{base} can only be the first event on its key after `base`, since every event
// makes the condition false for good. So that event decides: where it is not this write, this write
// was not done and never will be; where it has its value, it is this write or a rival's twin. A
// write under Absent can come after any removal, so all events since the mark count. An
// unconditional write can come at any time.
//
// The key is read before the history: what that read does not show yet, the history may.
#include <charconv>
#include <utility>

#include "backend/etcd/etcd_backend.h"
#include "backend/etcd/etcd_sidecar.h"

namespace ksv::etcd {
namespace {

// Events looked at for one write; a key that is written more often meanwhile is too busy to tell.
constexpr int kEventsMax = 100;

Settled unknown(std::string why) {
  return {.fate = Settled::Fate::kUnknown, .why = std::move(why)};
}

bool has_bytes(const Node& node, BytesView bytes) {
  return std::equal(node.value.begin(), node.value.end(), bytes.begin(), bytes.end());
}

}  // namespace

// Goes through the events on a path, oldest first.
struct EtcdBackend::Search {
  // Whether the event is what is looked for.
  std::function<bool(const Event&)> is_it;
  int events_max = kEventsMax;
  int events = 0;  // that were looked at
  std::optional<Event> found{};
  std::string gap{};  // why not all events were seen; empty: all were
};

Bytes sidecar_mark(const SidecarMark& mark) {
  return copy_of(bytes_of(mark.id + " " + std::to_string(mark.base)));
}

SidecarMark read_sidecar_mark(BytesView bytes) {
  const std::string_view text = text_of(bytes);
  const auto space = text.find(' ');
  if (space == text.npos) return {};
  SidecarMark mark{.id = std::string(text.substr(0, space))};
  const std::string_view number = text.substr(space + 1);
  std::from_chars(number.data(), number.data() + number.size(), mark.base);
  return mark;
}

std::string EtcdBackend::history_mark() {
  const std::int64_t seen = seen_.load();
  return seen == 0 ? "" : std::to_string(seen);
}

// Whether it was found.
Result<bool> EtcdBackend::search(const std::string& path, std::int64_t from, Search* search) {
  while (search->events < search->events_max) {
    auto event = client_.first_event(path, from);
    if (!event.has_value() && event.error().code() == ErrorCode::kState) {
      search->gap = "the history of the key is gone, in part: " + event.error().message();
      return false;
    }
    if (!event.has_value()) return std::move(event).error();
    if (!*event) return false;
    ++search->events;
    if (search->is_it(**event)) {
      search->found = **std::move(event);
      return true;
    }
    from = (*event)->node.modified + 1;
  }
  if (search->events_max == kEventsMax) search->gap = "the key was written too often meanwhile";
  return false;
}

Result<Settled> EtcdBackend::settle(const KeyWrite& write, const Precondition& precondition,
                                    const std::string& mark) {
  const std::string path = KSV_TRY(paths_.path_of(write.key));
  std::int64_t from = find_index({mark}).value_or(0) + 1;
  if (const auto* match = std::get_if<Match>(&precondition)) {
    const auto index = find_index(match->version);
    if (!index) return Settled{.fate = Settled::Fate::kNever};
    from = *index + 1;
  }
  return uses_sidecar() ? settle_by_sidecar(path, write, precondition, from)
                        : settle_by_value(path, write, precondition, from);
}

Result<Settled> EtcdBackend::settle_by_value(const std::string& path, const KeyWrite& write,
                                             const Precondition& precondition, std::int64_t from) {
  const std::optional<Node> present = KSV_TRY(find_leaf(path, false));
  Settled settled{.fate = Settled::Fate::kNotYet};
  settled.present_known = true;
  settled.present = KSV_TRY(unpacked(present));
  const Bytes bytes = packed(write.bytes);
  const bool is_match = std::holds_alternative<Match>(precondition);
  const bool is_absent = std::holds_alternative<Absent>(precondition);
  if (is_match && present && present->modified < from) return settled;
  Search search{.is_it =
                    [&](const Event& event) {
                      const Node& node = event.node;
                      const bool may_be_it = !is_absent || node.created == node.modified;
                      return event.action == "put" && may_be_it && has_bytes(node, bytes);
                    },
                .events_max = is_match ? 1 : kEventsMax};
  if (KSV_TRY(this->search(path, from, &search))) {
    return unknown("an equal value was written, which may be another's");
  }
  if (!search.gap.empty()) return unknown(search.gap);
  // v2 keeps no event of a refresh.
  if (is_match && search.events == 0) return unknown("the history does not show what came instead");
  if (is_match || (is_absent && present)) settled.fate = Settled::Fate::kNever;
  return settled;
}

Result<Settled> EtcdBackend::settle_by_sidecar(const std::string& path, const KeyWrite& write,
                                               const Precondition& precondition,
                                               std::int64_t from) {
  const std::string sidecar = paths_.sidecar_of(path);
  const bool is_match = std::holds_alternative<Match>(precondition);
  Search search{.is_it =
                    [&](const Event& event) {
                      return event.action == "put" &&
                             read_sidecar_mark(event.node.value).id == write.id.text;
                    },
                .events_max = is_match ? 1 : kEventsMax};
  if (is_match && !KSV_TRY(this->search(sidecar, from, &search)) && search.events > 0) {
    return Settled{.fate = Settled::Fate::kNever};
  }
  Settled settled;
  const std::optional<Node> present = KSV_TRY(find_leaf(path, false));
  settled.present_known = true;
  settled.present = KSV_TRY(unpacked(present));
  // Once more where nothing was found: it may have come before the key was read.
  search.events = 0;
  search.gap.clear();
  if (search.found || KSV_TRY(this->search(sidecar, from, &search))) {
    settled.fate = Settled::Fate::kApplied;
    settled.version = {std::to_string(search.found->node.modified)};
    return settled;
  }
  if (!search.gap.empty()) return unknown(search.gap);
  const bool is_any = std::holds_alternative<Any>(precondition);
  const bool is_met = is_any || (is_match ? present && present->modified < from : !present);
  settled.fate = is_met ? Settled::Fate::kNotYet : Settled::Fate::kNever;
  return settled;
}

}  // namespace ksv::etcd
