// Answers on standard output, everything else on standard error.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv::cli {

enum class Format { kEdn, kJson, kRaw, kTable };

struct OutputOptions {
  Format format = Format::kEdn;
  bool pretty = false;  // for a person: several lines, aligned
  bool color = false;
  bool null_ends = false;  // records end with NUL
  bool quiet = false;
};

// Buffers what is printed; the first failure is kept and every later call does nothing, so that
// commands need not look after each line: `finish` tells. A closed pipe is not an error of the
// command: closed_pipe() says so, and the process ends as SIGPIPE would have ended it.
class Output {
 public:
  explicit Output(int descriptor) : descriptor_(descriptor) {}

  void configure(const OutputOptions& options) { options_ = options; }
  const OutputOptions& options() const { return options_; }

  // Answers that are strings are printed as they stand, on a line: etcd's values are texts.
  void set_plain_text(bool plain) { plain_text_ = plain; }

  // One answer. Raw: the text of a string or the bytes of a byte string, with nothing added; other
  // values as EDN, on a line.
  void value(const Value& value);
  // One of many answers: as value(), and the record's end also with raw.
  void record(const Value& value);
  void boolean(bool value);
  // Text as it stands, with a record end.
  void line(std::string_view text);
  // Bytes as they are.
  void bytes(BytesView bytes);

  // A line on standard error, "ksv: " before it, unless --quiet.
  void note(std::string_view text);

  Status flush();
  bool closed_pipe() const { return closed_pipe_; }

 private:
  void end_record() { put(options_.null_ends ? std::string_view("\0", 1) : "\n"); }
  void put(std::string_view text);
  std::string text_of_value(const Value& value) const;

  int descriptor_;
  OutputOptions options_;
  bool plain_text_ = false;
  std::string buffer_;
  int error_number_ = 0;
  bool closed_pipe_ = false;
};

}  // namespace ksv::cli
