// A file that appears whole or not at all.
#pragma once

#include <memory>
#include <string>

#include "ksv/bytes.h"
#include "ksv/env.h"
#include "ksv/result.h"

namespace ksv::cli {

// Writes a new file aside and gives it its name at the end, so that a failure leaves no half file.
class FileSink {
 public:
  static Result<FileSink> create(Env& env, const std::string& path);
  FileSink(FileSink&&) = default;
  FileSink& operator=(FileSink&&) = default;
  ~FileSink();

  Status write(BytesView bytes) { return file_->write(bytes); }
  Status finish();

 private:
  FileSink(Env& env, std::string path, std::string aside, std::unique_ptr<File> file)
      : env_(&env), path_(std::move(path)), aside_(std::move(aside)), file_(std::move(file)) {}

  Env* env_;
  std::string path_;
  std::string aside_;
  std::unique_ptr<File> file_;
};

}  // namespace ksv::cli
