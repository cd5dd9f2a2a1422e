// What each fault does, as far as the service and the network are concerned.
#include "proof/fault_rows.h"

namespace ksv::testing {
namespace {

ServerAction bare(int status, std::string body = "") {
  return {.status = status, .headers = {{"content-type", "text/html"}}, .body = std::move(body)};
}
ServerAction cut(std::size_t at) { return {.body = "whole", .cut_at = at}; }
const ServerAction kReset{.kind = ServerAction::Kind::kReset};
const ServerAction kClosed{.kind = ServerAction::Kind::kClose};
const ServerAction kStall{.cut_at = 0, .stall = true};
const ServerAction kGarbage{.kind = ServerAction::Kind::kRaw, .body = "220 smtp ready\r\n"};
const ServerAction kWrongLength{
    .headers = {{"content-length", "9999"}}, .body = "short", .close_after = true};
const ServerAction kPage = bare(200, "<html>please log in</html>");
// After the headers, and in the middle of a body of a hundred bytes.
const ServerAction kTruncated{.body = std::string(100, 'x'), .cut_at = 90};
const ServerAction kResetInside{.body = "whole", .cut_at = 25, .reset_after = true};
const ServerAction kStallInside{.body = "whole", .cut_at = 25, .stall = true};
ServerAction told(int status, const char* code) { return refusal_action(status, code); }

// Rows read as
//   written 2   it took effect once and ksv says so, after two requests of that kind
//   no 1        it did not take effect, and ksv says so
//   unknown 1   ksv says that it does not know
// and for reads "ok", "failed", or "absent", which is what a forged NoSuchKey means. A "!" marks
// the cells in which that is not so, since a rival wiped out the trace of the write: the limits of
// doc/outcomes.md.
// clang-format off
const FaultRow kRows[] = {
    // fault, script, {read, create-store, --if-absent, --if-match, update, cas, assoc, bassoc, dissoc, dissoc --if-match}
    {"none", {}, {"ok 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1"}},
    {"reset after sending, no effect", {Deed::kNone, kReset}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "unknown 1", "unknown 1", "written 2", "written 2"}},
    {"reset after sending, effect", {Deed::kDone, kReset}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"closed, no effect", {Deed::kNone, kClosed}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "unknown 1", "unknown 1", "written 2", "written 2"}},
    {"closed, effect", {Deed::kDone, kClosed}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"stall in the answer, effect", {Deed::kDone, kStallInside}, {"failed 1", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"stall, no effect", {Deed::kNone, kStall}, {"failed 1", "written 2", "written 2", "written 2", "written 2", "written 2", "unknown 1", "unknown 1", "written 2", "written 2"}},
    {"stall, effect", {Deed::kDone, kStall}, {"failed 1", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"cut in the status line, effect", {Deed::kDone, cut(12)}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"cut in the headers, effect", {Deed::kDone, cut(25)}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"cut in the body, effect", {Deed::kDone, kTruncated}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"reset in the answer, effect", {Deed::kDone, kResetInside}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"wrong length, effect", {Deed::kDone, kWrongLength}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"not HTTP, effect", {Deed::kDone, kGarbage}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"500, no effect", {Deed::kNone, told(500, "InternalError")}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "unknown 1", "unknown 1", "written 2", "written 2"}},
    {"500, effect", {Deed::kDone, told(500, "InternalError")}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"502 of a proxy, no effect", {Deed::kNone, bare(502)}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "unknown 1", "unknown 1", "written 2", "written 2"}},
    {"502 of a proxy, effect", {Deed::kDone, bare(502)}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"503 of a proxy, no effect", {Deed::kNone, bare(503)}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "unknown 1", "unknown 1", "written 2", "written 2"}},
    {"503 of a proxy, effect", {Deed::kDone, bare(503)}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"504 of a proxy, no effect", {Deed::kNone, bare(504)}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "unknown 1", "unknown 1", "written 2", "written 2"}},
    {"504 of a proxy, effect", {Deed::kDone, bare(504)}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"503 SlowDown", {Deed::kNone, told(503, "SlowDown")}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2"}},
    {"503 SlowDown to the second of two", {Deed::kDone, told(503, "SlowDown")}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "unknown 2"}},
    {"503 SlowDown to all, effect", {Deed::kDone, told(503, "SlowDown"), 9}, {"failed 3", "written 3", "written 3", "written 3", "written 3", "written 3", "written 3", "written 3", "written 3", "unknown 3"}},
    {"429, no effect", {Deed::kNone, bare(429)}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2"}},
    {"429, effect", {Deed::kDone, bare(429)}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "unknown 2"}},
    {"412 forged, no effect", {Deed::kNone, told(412, "PreconditionFailed")}, {"failed 1", "written 2", "written 2", "written 2", "written 2", "written 2", "no 1", "no 1", "written 2", "written 2"}},
    {"412 forged, effect", {Deed::kDone, told(412, "PreconditionFailed")}, {"failed 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"}},
    {"409, no effect", {Deed::kNone, told(409, "ConditionalRequestConflict")}, {"failed 1", "written 2", "written 2", "written 2", "written 2", "written 2", "no 1", "no 1", "written 2", "written 2"}},
    {"409, effect", {Deed::kDone, told(409, "ConditionalRequestConflict")}, {"failed 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"}},
    {"404 NoSuchKey forged, no effect", {Deed::kNone, told(404, "NoSuchKey")}, {"absent 1", "written 2", "written 2", "written 2", "written 2", "written 2", "no 1", "no 1", "written 2", "written 2"}},
    {"404 NoSuchKey forged, effect", {Deed::kDone, told(404, "NoSuchKey")}, {"absent 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"}},
    {"403, no effect", {Deed::kNone, told(403, "AccessDenied")}, {"failed 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1"}},
    {"403, effect", {Deed::kDone, told(403, "AccessDenied")}, {"failed 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"}},
    {"expired credentials", {Deed::kNone, told(400, "ExpiredToken")}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2"}},
    {"expired credentials, effect", {Deed::kDone, told(400, "ExpiredToken")}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 2", "unknown 2"}},
    {"clock skew", {Deed::kNone, told(403, "RequestTimeTooSkewed")}, {"failed 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1"}},
    {"clock skew, effect", {Deed::kDone, told(403, "RequestTimeTooSkewed")}, {"failed 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"}},
    {"redirect", {Deed::kNone, told(307, "TemporaryRedirect")}, {"failed 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1"}},
    {"redirect, effect", {Deed::kDone, told(307, "TemporaryRedirect")}, {"failed 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"}},
    {"200 with an <Error>, no effect", {Deed::kNone, told(200, "InternalError")}, {"failed 1", "written 2", "written 2", "written 2", "written 2", "written 2", "unknown 1", "unknown 1", "written 2", "written 2"}},
    {"200 with an <Error>, effect", {Deed::kDone, told(200, "InternalError")}, {"failed 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 2", "unknown 2"}},
    {"200 with a page, no effect", {Deed::kNone, kPage}, {"failed 1", "written 2", "written 2", "written 2", "written 2", "written 2", "unknown 1", "unknown 1", "written 2", "written 2"}},
    {"200 with a page, effect", {Deed::kDone, kPage}, {"failed 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"}},
    {"page for XML, no effect", {Deed::kNone, bare(404, "<html>not here</html>")}, {"failed 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1", "no 1"}},
    {"page for XML, effect", {Deed::kDone, bare(404, "<html>not here</html>")}, {"failed 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"}},
    {"twice, the first answer", {Deed::kTwice}, {"ok 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1"}},
    {"twice, the second answer", {Deed::kTwiceSecond}, {"ok 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "unknown 1"}},
    {"twice, no answer", {Deed::kTwice, kReset}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "written 2", "unknown 2"}},
    {"late, after the retry", {Deed::kLate, kReset}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "unknown 1", "unknown 1", "written 2", "written 2"}},
    {"every answer lost, effect", {Deed::kDone, kReset, 99}, {"failed 3", "written 3", "written 3", "written 3", "written 3", "written 3", "written 1", "written 1", "written 3", "unknown 3"}},
    {"every request late", {Deed::kLate, kReset, 99}, {"failed 3", "unknown 12", "unknown 12", "unknown 12", "unknown 12", "unknown 12", "unknown 1", "unknown 1", "unknown 12", "unknown 12"}},
    {"answer lost, no effect, then a rival's update", {Deed::kNone, kReset, 1, Rival::kUpdates}, {"ok 2", "no 2", "no 2", "no 2", "written 3", "no 2", "unknown 1", "unknown 1", "unknown 2", "unknown 2"}},
    {"answer lost, effect, then a rival's update", {Deed::kDone, kReset, 1, Rival::kUpdates}, {"ok 2", "written 2", "written 2", "written 2", "written 2", "written 2", "written 1", "written 1", "unknown 2", "unknown 2"}},
    {"412 forged, no effect, then a rival's update", {Deed::kNone, told(412, "PreconditionFailed"), 1, Rival::kUpdates}, {"failed 1", "no 1", "no 1", "no 1", "written 2", "no 1", "no 1", "no 1", "written 2", "no 1"}},
    {"412 forged, effect, then a rival's update", {Deed::kDone, told(412, "PreconditionFailed"), 1, Rival::kUpdates}, {"failed 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 2", "no 1!"}},
    {"twice, the second answer, then a rival's update", {Deed::kTwiceSecond, {}, 1, Rival::kUpdates}, {"ok 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 1", "written 2", "no 1!"}},
    {"late, after the retry, then a rival's update", {Deed::kLate, kReset, 1, Rival::kUpdates}, {"ok 2", "no 2", "no 2", "no 2", "written 3", "no 2", "unknown 1", "unknown 1", "unknown 2", "unknown 2"}},
    {"answer lost, no effect, then a foreign write", {Deed::kNone, kReset, 1, Rival::kOverwrites}, {"ok 2", "unknown 2", "unknown 2", "unknown 2", "unknown 2", "unknown 2", "unknown 1", "unknown 1", "unknown 2", "unknown 2"}},
    {"answer lost, effect, then a foreign write", {Deed::kDone, kReset, 1, Rival::kOverwrites}, {"ok 2", "unknown 2", "unknown 2", "unknown 2", "unknown 2", "unknown 2", "unknown 1", "unknown 1", "unknown 2", "unknown 2"}},
    {"412 forged, no effect, then a foreign write", {Deed::kNone, told(412, "PreconditionFailed"), 1, Rival::kOverwrites}, {"failed 1", "no 1", "no 1", "no 1", "written 2", "no 1", "no 1", "no 1", "written 2", "no 1"}},
    {"412 forged, effect, then a foreign write", {Deed::kDone, told(412, "PreconditionFailed"), 1, Rival::kOverwrites}, {"failed 1", "no 1!", "no 1!", "no 1!", "written 2!", "no 1!", "no 1!", "no 1!", "written 2", "no 1!"}},
    {"twice, the second answer, then a foreign write", {Deed::kTwiceSecond, {}, 1, Rival::kOverwrites}, {"ok 1", "no 1!", "no 1!", "no 1!", "written 2!", "no 1!", "written 1", "written 1", "written 2", "no 1!"}},
    {"late, after the retry, then a foreign write", {Deed::kLate, kReset, 1, Rival::kOverwrites}, {"ok 2", "unknown 2", "unknown 2", "unknown 2", "unknown 2", "unknown 2", "unknown 1", "unknown 1", "unknown 2", "unknown 2"}},
    {"answer lost, no effect, then a rival's removal", {Deed::kNone, kReset, 1, Rival::kRemoves}, {"absent 2", "written 2", "written 2", "unknown 2", "unknown 2", "unknown 2", "unknown 1", "unknown 1", "written 2", "unknown 2"}},
    {"answer lost, effect, then a rival's removal", {Deed::kDone, kReset, 1, Rival::kRemoves}, {"absent 2", "written 2!", "written 2!", "unknown 2", "unknown 2", "unknown 2", "unknown 1", "unknown 1", "written 2", "unknown 2"}},
    {"412 forged, no effect, then a rival's removal", {Deed::kNone, told(412, "PreconditionFailed"), 1, Rival::kRemoves}, {"failed 1", "written 2", "written 2", "no 1", "written 2", "no 1", "no 1", "no 1", "written 1", "unknown 1"}},
    {"412 forged, effect, then a rival's removal", {Deed::kDone, told(412, "PreconditionFailed"), 1, Rival::kRemoves}, {"failed 1", "written 2!", "written 2!", "no 1!", "written 2!", "no 1!", "no 1!", "no 1!", "written 1", "unknown 1"}},
    {"twice, the second answer, then a rival's removal", {Deed::kTwiceSecond, {}, 1, Rival::kRemoves}, {"absent 1", "written 1!", "written 1!", "no 1!", "written 2!", "no 1!", "written 1", "written 1", "written 1", "unknown 1"}},
    {"late, after the retry, then a rival's removal", {Deed::kLate, kReset, 1, Rival::kRemoves}, {"absent 2", "written 2", "written 2", "unknown 2", "unknown 2", "unknown 2", "unknown 1", "unknown 1", "written 2", "unknown 2"}},
};
// clang-format on

}  // namespace

std::span<const FaultRow> fault_rows() { return kRows; }

}  // namespace ksv::testing
