// freeze, thaw: values as Nippy holds them, in files and streams.
#include <unistd.h>

#include "cli/command_list.h"
#include "cli/file_sink.h"
#include "cli/session.h"

#include "ksv/limits.h"

#include "codec/nippy.h"

namespace ksv::cli {
namespace {

constexpr std::size_t kPasswordBytesMax = 4096;

// The first line of a file.
Result<std::string> password_from_file(Env& env, const std::string& path) {
  const auto content = KSV_TRY(read_file(env, path, kPasswordBytesMax));
  if (!content) return Error(ErrorCode::kUsage, path + ": there is no such file");
  std::string password(text_of(*content));
  if (password.ends_with('\n')) password.pop_back();
  if (password.ends_with('\r')) password.pop_back();
  if (password.empty()) return Error(ErrorCode::kUsage, path + ": holds no password");
  if (password.find('\n') != std::string::npos) {
    return Error(ErrorCode::kUsage, path + ": holds more than the one line of a password");
  }
  return password;
}

Result<std::optional<nippy::Password>> password_of(Session& session, const Arguments& arguments) {
  const bool salted = arguments.has("salted");
  const bool cached = arguments.has("cached");
  if (salted && cached) {
    return Error(ErrorCode::kUsage, "--salted and --cached do not go together");
  }
  const std::string* file = arguments.find("password-file");
  if (file == nullptr) {
    if (salted || cached) {
      return Error(ErrorCode::kUsage,
                   salted ? "--salted needs --password-file" : "--cached needs --password-file");
    }
    return std::optional<nippy::Password>();
  }
  nippy::Password password;
  password.text = KSV_TRY(password_from_file(session.env(), *file));
  if (salted) password.mode = nippy::PasswordMode::kSalted;
  if (cached) password.mode = nippy::PasswordMode::kCached;
  return std::optional<nippy::Password>(std::move(password));
}

Result<std::optional<nippy::Compressor>> compressor_of(const Arguments& arguments) {
  using Chosen = std::optional<nippy::Compressor>;
  struct Named {
    std::string_view name;
    nippy::Compressor compressor;
  };
  constexpr Named kNames[] = {{"none", nippy::Compressor::kNone},
                              {"lz4", nippy::Compressor::kLz4},
                              {"zstd", nippy::Compressor::kZstd},
                              {"snappy", nippy::Compressor::kSnappy},
                              {"lzma2", nippy::Compressor::kLzma2}};
  const std::string* name = arguments.find("compressor");
  if (name == nullptr) return Chosen();
  for (const Named& known : kNames) {
    if (known.name == *name) return Chosen(known.compressor);
  }
  return Error(ErrorCode::kUsage, "--compressor " + *name + ": none, lz4, zstd, snappy or lzma2");
}

Status check_no_terminal() {
  if (::isatty(STDOUT_FILENO) != 1) return ok();
  return Error(ErrorCode::kUsage, "frozen bytes are not for a terminal")
      .with_hint("Name a file with --output, or send them into a pipe; --format edn shows them");
}

Result<Answer> run_freeze(Session& session, const Arguments& arguments) {
  const std::string operand = arguments.operands.empty() ? "-" : arguments.operands[0];
  const std::string* path = arguments.find("output");
  const bool as_value = arguments.has("json") || arguments.find("format") != nullptr;
  if (as_value && path != nullptr) {
    return Error(ErrorCode::kUsage, "--output takes the bytes, without --json or --format");
  }
  nippy::FreezeOptions options;
  options.compressor = KSV_TRY(compressor_of(arguments));
  options.password = KSV_TRY(password_of(session, arguments));
  options.tight = arguments.has("tight");
  options.without_header = arguments.has("no-header");
  if (options.without_header && (options.compressor || options.password)) {
    return Error(ErrorCode::kUsage,
                 "--no-header leaves no place for --compressor and --password-file");
  }
  if (path == nullptr && !as_value) KSV_CHECK(check_no_terminal());
  options.random = [&session](std::span<std::uint8_t> fill) { session.env().random(fill); };
  const Value value = KSV_TRY(session.value(operand, "VALUE"));
  Bytes frozen = KSV_TRY(nippy::freeze(value, options));
  if (as_value) {
    session.out().value(Value::bytes(std::move(frozen)));
  } else if (path != nullptr) {
    FileSink file = KSV_TRY(FileSink::create(session.env(), *path));
    KSV_CHECK(file.write(frozen));
    KSV_CHECK(file.finish());
  } else {
    session.out().bytes(frozen);
  }
  return Answer::kYes;
}

Result<Bytes> frozen_bytes(Session& session, const std::string& path) {
  if (path == "-") return read_standard_input(limits::kValueBytesMax);
  auto bytes = KSV_TRY(read_file(session.env(), path, limits::kValueBytesMax));
  if (!bytes) return Error(ErrorCode::kUsage, path + ": there is no such file");
  return *std::move(bytes);
}

Result<Answer> run_thaw(Session& session, const Arguments& arguments) {
  const std::string path = arguments.operands.empty() ? "-" : arguments.operands[0];
  nippy::ThawOptions options;
  options.password = KSV_TRY(password_of(session, arguments));
  options.without_header = arguments.has("no-header");
  if (options.without_header && options.password) {
    return Error(ErrorCode::kUsage, "--no-header: without a header nothing is encrypted");
  }
  if (const std::string* dict = arguments.find("shared-dict"); dict != nullptr) {
    options.shared_dict = KSV_TRY(read_value(session.env(), *dict, ValueSyntax::kEdn, "DICT"));
  }
  const Bytes bytes = KSV_TRY(frozen_bytes(session, path));
  Result<Value> value = nippy::thaw(bytes, options);
  if (!value.has_value()) {
    Error error = std::move(value).error();
    if (error.code() == ErrorCode::kDenied) {
      error = std::move(error).with_hint("--password-file FILE gives it");
    }
    const bool is_of_file = path != "-" && error.code() != ErrorCode::kUsage;
    return !is_of_file ? std::move(error) : std::move(error).with_context(path);
  }
  session.out().value(*value);
  return Answer::kYes;
}

OptionSpec password_option() {
  return {.name = "password-file",
          .argument = "FILE",
          .help = "the password is the line in FILE",
          .completes = Completes::kFile};
}
OptionSpec salted_option(std::string_view help) { return {.name = "salted", .help = help}; }
OptionSpec cached_option(std::string_view help) { return {.name = "cached", .help = help}; }

}  // namespace

CommandSpec freeze_command() {
  return {
      .name = "freeze",
      .group = Group::kTools,
      .summary = "write a value as Nippy does",
      .description =
          "Prints VALUE in the bytes of Clojure's Nippy library, which faraday keeps in "
          "DynamoDB: in the form that every Nippy since 3.0 thaws (arrays of numbers or strings: "
          "since 3.8), compressed with LZ4 where they are more than 8192. Reads no store. What "
          "EDN has no literal for is written with tags, as thaw prints them: #nippy/int 5; "
          "ksv help thaw lists them.\n\n"
          "With --password-file the bytes are encrypted (AES-128-GCM). With --json or --format "
          "edn the bytes are printed as text.",
      .operands = {{.name = "VALUE",
                    .help = "the value; - or nothing reads standard input, @FILE a file",
                    .count = OperandSpec::Count::kOptional}},
      .options = {{.name = "output",
                   .letter = 'o',
                   .argument = "FILE",
                   .help = "write the bytes to FILE, which appears when all is there",
                   .completes = Completes::kFile},
                  {.name = "compressor",
                   .argument = "NAME",
                   .help = "compress so, however short the bytes are",
                   .completes = Completes::kChoices,
                   .choices = "none|lz4|zstd|snappy|lzma2"},
                  {.name = "tight", .help = "the shorter form of Nippy 3.9"},
                  {.name = "no-header", .help = "as Nippy's fast-freeze: the value alone"},
                  password_option(),
                  salted_option("make the key with a random salt, as without --cached"),
                  cached_option("make the same key of the password each time")},
      .examples = {{.text = "$ ksv freeze '{:a 1}' | od -An -tx1\n"
                            " 4e 50 59 00 70 01 6a 01 61 64 01\n"
                            "$ ksv freeze '[1 #nippy/int 2]' -o list.npy\n"
                            "$ ksv thaw list.npy\n"
                            "[1 #nippy/int 2]"}},
      .run = run_freeze};
}

CommandSpec thaw_command() {
  return {
      .name = "thaw",
      .group = Group::kTools,
      .summary = "print what Nippy has written",
      .description =
          "Prints the value in the frozen bytes of FILE or standard input: of every Nippy from 2 "
          "to "
          "3.9, compressed with LZ4, Snappy, zstd or lzma2, encrypted with a password or not. "
          "Reads no store.\n\n"
          "Kinds of Java that EDN has no literal for show as tags: #nippy/byte, short, int and "
          "biginteger, instant, duration, period and sql-date, sorted-set, sorted-map, queue, "
          "map-entry, strings (an array), meta ([metadata value]), type (a deftype) and "
          "serializable. The last is an object that Java serialized: its class and its bytes, "
          "which "
          "are not looked into.\n\n"
          "What is damaged, or encrypted with another password, is an error (status 7).",
      .operands = {{.name = "FILE",
                    .help = "frozen bytes; - or nothing: standard input",
                    .count = OperandSpec::Count::kOptional,
                    .completes = Completes::kFile}},
      .options = {password_option(),
                  salted_option("the key was made with a salt; else both ways are tried"),
                  cached_option("the key was made without a salt"),
                  {.name = "shared-dict",
                   .argument = "EDN",
                   .help = "the vector that was :shared-dict when freezing; @FILE reads a file"},
                  {.name = "no-header", .help = "the bytes are those of Nippy's fast-freeze"}},
      .examples = {{.text = "$ ksv freeze '{:name \"Ann\", :age 30}' | ksv thaw\n"
                            "{:name \"Ann\", :age 30}\n"
                            "$ ksv freeze '[1 2]' --password-file secret | ksv thaw "
                            "--password-file secret --json\n"
                            "[1,2]",
                    .setup = "echo correct horse > secret"}},
      .run = run_thaw};
}

}  // namespace ksv::cli
