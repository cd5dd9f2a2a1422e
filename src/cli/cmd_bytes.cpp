// bget, bassoc: binary values, streamed in constant memory.
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include "cli/command_list.h"
#include "cli/file_sink.h"
#include "cli/progress.h"
#include "cli/session.h"

namespace ksv::cli {
namespace {

// A device or a pipe, /dev/null or a shell's >(COMMAND), is written into: renaming a file to its
// name would put that in its place.
Result<bool> is_written_into(Env& env, const std::string& path) {
  const std::optional<FileInfo> info = KSV_TRY(env.files().info(path));
  return info && info->type == FileInfo::Type::kOther;
}

Status open_into(const std::string& path, std::optional<Output>& into) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) {
    return Error(ErrorCode::kUnavailable, path + ": " + std::generic_category().message(errno));
  }
  into.emplace(descriptor);
  return ok();
}

Result<Answer> run_bget(Session& session, const Arguments& arguments) {
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  Store* store = KSV_TRY(session.store());
  Progress progress("reading", session);
  std::optional<FileSink> file;
  std::optional<Output> device;
  if (arguments.operands.size() > 1 && arguments.operands[1] != "-") {
    const std::string& path = arguments.operands[1];
    const bool into = KSV_TRY(is_written_into(session.env(), path));
    if (into) {
      KSV_CHECK(open_into(path, device));
    } else {
      file.emplace(KSV_TRY(FileSink::create(session.env(), path)));
    }
  }
  Output& out = device ? *device : session.out();
  const ByteSink sink = [&](BytesView bytes) -> Status {
    progress.add(bytes.size());
    if (file) return file->write(bytes);
    out.bytes(bytes);
    return out.flush();
  };
  const auto entry = KSV_TRY(store->get_bytes(key, sink));
  if (!entry) return Answer::kNo;
  if (file) KSV_CHECK(file->finish());
  return Answer::kYes;
}

Result<Answer> run_bassoc(Session& session, const Arguments& arguments) {
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  const Precondition precondition = KSV_TRY(precondition_of(arguments));
  const std::string path = arguments.operands.size() > 1 ? arguments.operands[1] : "-";
  const ByteSource source = KSV_TRY(open_source(session.env(), path));
  Store* store = KSV_TRY(session.store());
  Progress progress("writing", session);
  const ByteSource counted = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
    const std::size_t count = KSV_TRY(source(into));
    progress.add(count);
    return count;
  };
  const PutOutcome outcome = KSV_TRY(store->put_bytes(key, counted, precondition));
  const auto* put = std::get_if<Put>(&outcome);
  if (put == nullptr) return Answer::kNo;
  if (arguments.has("print-version")) session.print_version(put->version);
  return Answer::kYes;
}

}  // namespace

CommandSpec bget_command() {
  return {.name = "bget",
          .group = Group::kValues,
          .summary = "read bytes",
          .description =
              "Streams the bytes under KEY to FILE or standard output, in constant memory. A FILE "
              "appears only when all is there. Of a value that was not written with bassoc, the "
              "bytes are its value section as it is stored.",
          .operands = {key_operand(),
                       {.name = "FILE",
                        .help = "where to write; - or nothing: standard output",
                        .count = OperandSpec::Count::kOptional,
                        .completes = Completes::kFile}},
          .options = {},
          .no_when = "the key is absent",
          .examples = {{.text = "$ ksv bget :logo | wc -c\n"
                                "5",
                        .setup = "ksv create-store\nprintf hello | ksv bassoc :logo"}},
          .run = run_bget};
}

CommandSpec bassoc_command() {
  return {
      .name = "bassoc",
      .group = Group::kValues,
      .summary = "write bytes",
      .description =
          "Streams FILE or standard input under KEY, in constant memory and in one atomic "
          "step: a source that fails leaves the key as it was. The bytes are stored as they "
          "are, as konserve does: neither compressed nor encrypted, whatever the store's "
          "encoding.\n\n"
          "In S3, values above 16 MiB go up in parts, several at once. Not every service honours "
          "--if-absent and --if-match there: ksv finds out, and refuses (status 10) before "
          "anything is sent.",
      .operands = {key_operand(),
                   {.name = "FILE",
                    .help = "what to store; - or nothing: standard input",
                    .count = OperandSpec::Count::kOptional,
                    .completes = Completes::kFile}},
      .options = {{.name = "if-absent", .help = "only if the key is absent"},
                  {.name = "if-match",
                   .argument = "VERSION",
                   .help = "only if the key has this version"},
                  print_version_option()},
      .no_when = "--if-absent or --if-match was not met",
      .examples = {{.text = "$ printf hello | ksv bassoc :logo\n"
                            "$ ksv get :logo\n"
                            "#ksv/bytes \"68656c6c6f\"",
                    .setup = "ksv create-store"}},
      .run = run_bassoc};
}

}  // namespace ksv::cli
